"""Making DiffSynth know the tiny files.

DiffSynth recognises a file by a hash over its tensor names and shapes, looked up in a list. A few
more rows in that list are the only thing in which these tests differ from a stock installation.
"""
# ruff: noqa: PLC0415  # torch and its like are imported only where they are needed

import json
from pathlib import Path
from typing import Any

from tests.engines.tiny_checkpoint import sizes

HASHES = "diffsynth_hashes.json"
_MODELS = "tests.engines.tiny_checkpoint.models"
_CONVERTER = "diffsynth.utils.state_dict_converters.flux_vae.FluxVAE{}StateDictConverterDiffusers"


def note_hashes(directory: Path) -> None:
    """Write down what DiffSynth makes of the files just built in `directory`."""
    from diffsynth.core.loader import hash_model_file

    files = {file for file, _ in _rows(omni=False) if (directory / file).exists()}
    hashes = {file: hash_model_file(str(directory / file)) for file in sorted(files)}
    (directory / HASHES).write_text(json.dumps(hashes, indent=1))


def register(directory: Path) -> None:
    """Add the rows for the checkpoint that was built in `directory`; none where none was.

    The hashes are those of the files as they were built, whatever a test did to them since.
    """
    from diffsynth.configs import MODEL_CONFIGS

    if not (directory / HASHES).exists():
        return
    hashes = json.loads((directory / HASHES).read_text())
    known = {(row["model_hash"], row["model_name"]) for row in MODEL_CONFIGS}
    for file, row in _rows(omni=sizes.IMAGE_READER_FILE in hashes):
        if file not in hashes:
            continue
        row["model_hash"] = hashes[file]
        if (row["model_hash"], row["model_name"]) not in known:
            MODEL_CONFIGS.append(row)


def _rows(*, omni: bool) -> list[tuple[str, dict[str, Any]]]:
    """The files a checkpoint may have; `omni`: its transformer reads images."""
    halves = [
        (sizes.VAE_FILE, {
            "model_name": f"flux_vae_{side.lower()}",
            "model_class": f"{_MODELS}.Tiny{side}",
            "extra_kwargs": sizes.VAE,
            "state_dict_converter": _CONVERTER.format(side),
        })
        for side in ("Encoder", "Decoder")
    ]  # fmt: skip
    return [
        (sizes.TRANSFORMER_FILE, {
            "model_name": "z_image_dit",
            "model_class": "diffsynth.models.z_image_dit.ZImageDiT",
            "extra_kwargs": sizes.OMNI_DIT if omni else sizes.DIT,
        }),
        (sizes.TEXT_ENCODER_FILE, {
            "model_name": "z_image_text_encoder",
            "model_class": f"{_MODELS}.TinyTextEncoder",
            "extra_kwargs": sizes.TEXT_ENCODER,
        }),
        (sizes.IMAGE_READER_FILE, {
            "model_name": "siglip_vision_model_428m",
            "model_class": f"{_MODELS}.TinyImageReader",
            "extra_kwargs": sizes.IMAGE_READER,
        }),
        *halves,
    ]  # fmt: skip
