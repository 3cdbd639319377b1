"""Directories that look like models: every file is in its place, and none holds weights."""

from pathlib import Path

TURBO_PARTS = ("transformer", "text_encoder", "vae", "tokenizer")


def lay_out(model: Path, *parts: str) -> Path:
    """Write the parts of a model below its directory (all that Z-Image-Turbo has); returns it."""
    for part in parts or TURBO_PARTS:
        (model / part).mkdir(parents=True)
        name = "tokenizer.json" if part == "tokenizer" else "model.safetensors"
        (model / part / name).write_text(f"{model.name} {part}")
    return model
