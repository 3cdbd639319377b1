"""Making DiffSynth know the tiny files.

DiffSynth recognises a file by a hash over its tensor names and shapes, looked up in a list. Four
more rows in that list are the only thing in which these tests differ from a stock installation.
"""

from pathlib import Path
from typing import Any

from tests.engines.tiny_checkpoint import sizes

_MODELS = "tests.engines.tiny_checkpoint.models"
_CONVERTER = "diffsynth.utils.state_dict_converters.flux_vae.FluxVAE{}StateDictConverterDiffusers"


def register(directory: Path) -> None:
    """Add a row for each file of the checkpoint in `directory`; a known file keeps its row."""
    from diffsynth.configs import MODEL_CONFIGS
    from diffsynth.core.loader import hash_model_file

    known = {(row["model_hash"], row["model_name"]) for row in MODEL_CONFIGS}
    for file, row in _rows():
        path = directory / file
        if not path.is_file():
            continue
        row["model_hash"] = hash_model_file(str(path))
        if (row["model_hash"], row["model_name"]) not in known:
            MODEL_CONFIGS.append(row)


def _rows() -> list[tuple[str, dict[str, Any]]]:
    vae = "vae/diffusion_pytorch_model.safetensors"
    halves = [
        (vae, {
            "model_name": f"flux_vae_{side.lower()}",
            "model_class": f"{_MODELS}.Tiny{side}",
            "extra_kwargs": sizes.VAE,
            "state_dict_converter": _CONVERTER.format(side),
        })
        for side in ("Encoder", "Decoder")
    ]  # fmt: skip
    return [
        ("transformer/diffusion_pytorch_model.safetensors", {
            "model_name": "z_image_dit",
            "model_class": "diffsynth.models.z_image_dit.ZImageDiT",
            "extra_kwargs": sizes.DIT,
        }),
        ("text_encoder/model.safetensors", {
            "model_name": "z_image_text_encoder",
            "model_class": f"{_MODELS}.TinyTextEncoder",
            "extra_kwargs": sizes.TEXT_ENCODER,
        }),
        *halves,
    ]  # fmt: skip
