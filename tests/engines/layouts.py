"""Directories that look like models: every file is in its place, and none holds weights."""

import json
from pathlib import Path

TURBO_PARTS = ("transformer", "text_encoder", "vae", "tokenizer")


def lay_out(model: Path, *parts: str) -> Path:
    """Write the parts of a model below its directory (all that Z-Image-Turbo has); returns it."""
    for part in parts or TURBO_PARTS:
        (model / part).mkdir(parents=True)
        name = "tokenizer.json" if part == "tokenizer" else "model.safetensors"
        (model / part / name).write_text(f"{model.name} {part}")
    return model


def write_safetensors(file: Path, *, body: bytes = b"", **notes: str) -> Path:
    """Write a safetensors file without tensors, with notes of its maker; returns it.

    A dot in the name of a note is written as `__`.
    """
    named = {name.replace("__", "."): text for name, text in notes.items()}
    header = json.dumps({"__metadata__": named} if notes else {}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(len(header).to_bytes(8, "little") + header + body)
    return file
