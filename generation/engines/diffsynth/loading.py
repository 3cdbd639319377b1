"""Loading: from files on disk to a pipeline that is known to be complete."""

from collections.abc import Mapping
from typing import Any

from generation.engines.base import ModelUnavailable, WeightsInvalid
from generation.engines.families import Z_IMAGE_OMNI_BASE
from generation.engines.model_files import ModelFiles

RESIDENT = "resident"
MANAGED = "vram-managed"

_NEEDED = {
    "dit": "the image transformer",
    "text_encoder": "the text encoder",
    "vae_encoder": "the image encoder (VAE)",
    "vae_decoder": "the image decoder (VAE)",
    "tokenizer": "the tokenizer",
}
EXCHANGEABLE = {
    "transformer": ("dit", "z_image_dit"),
    "siglip": ("image_encoder", "siglip_vision_model_428m"),
}
"""Parts that a resident pipeline can be given anew: its attribute, and DiffSynth's name for it."""

_CONTENTS = {
    "transformer": {"z_image_dit"},
    "siglip": {"siglip_vision_model_428m"},
    "text_encoder": {"z_image_text_encoder"},
    "vae": {"flux_vae_encoder", "flux_vae_decoder"},
}


def load_pipeline(
    torch: Any, files: ModelFiles, device: str, vram_limit: float | None
) -> tuple[Any, str]:
    """The pipeline and how it was loaded: RESIDENT, or MANAGED when `vram_limit` (GiB) is given.

    Managed loading keeps the weights in main memory and moves them to the GPU as they are needed.
    The same spec gives slightly different pixels in the two modes (the text encoder's rotary
    table is kept in another precision), so the mode belongs to the facts of a picture. On a CPU
    there is nothing to manage.
    """
    from diffsynth.pipelines.z_image import (
        ModelConfig,
        ZImagePipeline,
    )

    managed = vram_limit is not None and device != "cpu"
    pipeline = ZImagePipeline.from_pretrained(
        torch_dtype=torch.bfloat16,  # the only precision the transformer works in
        device=device,
        model_configs=_configs(torch, files.parts, device if managed else None),
        tokenizer_config=ModelConfig(path=f"{files.tokenizer}/"),
        vram_limit=vram_limit if managed else None,
    )
    # A part that was not recognised is left out without an error and would be missed only when
    # it is needed, the decoder after all steps.
    needed = dict(_NEEDED)
    if "siglip" in files.parts:
        needed["image_encoder"] = "the image reader (SigLIP)"
    for attribute, title in needed.items():
        if getattr(pipeline, attribute) is None:
            raise _missing(title, f"pipeline.{attribute} is None after loading {files.directory}")
    return pipeline, MANAGED if managed else RESIDENT


def load_exchangeable(
    torch: Any, pipeline: Any, files: ModelFiles, load_mode: str, vram_limit: float | None
) -> dict[str, Any]:
    """The exchangeable parts of a model by attribute, loaded as those of `pipeline` were.

    `pipeline` itself is left alone. A part the model does not have is None.
    """
    parts = {part: files.parts[part] for part in EXCHANGEABLE if part in files.parts}
    managed = load_mode == MANAGED
    pool = pipeline.download_and_load_models(  # the name promises more than it does for paths
        _configs(torch, parts, pipeline.device if managed else None),
        vram_limit if managed else None,
    )
    found = {}
    for part, (attribute, name) in EXCHANGEABLE.items():
        found[attribute] = pool.fetch_model(name) if part in parts else None
        if part in parts and found[attribute] is None:
            raise _missing(f"the part {part}", f"nothing in {files.parts[part]} is a {name}")
    return found


def recognise(files: ModelFiles) -> None:
    """Raise what loading would raise for damaged, foreign or misplaced files; reads only headers.

    Asked before a model that serves well is given up for another.
    """
    from diffsynth.configs import MODEL_CONFIGS
    from diffsynth.core.loader import hash_model_file

    for folder, part in files.parts.items():
        found = hash_model_file([str(file) for file in part])
        names = {row["model_name"] for row in MODEL_CONFIGS if row["model_hash"] == found}
        if not names:
            raise WeightsInvalid(
                "The weight files belong to a model this engine does not know.",
                detail=f"no model has tensors of these names and shapes: {part[0].parent}",
            )
        if not names & _CONTENTS[folder]:
            title = Z_IMAGE_OMNI_BASE.part(folder).title
            raise _missing(title, f"{part[0].parent} holds {', '.join(sorted(names))}")


def _configs(torch: Any, parts: Mapping[str, Any], managed_on: str | None) -> list[Any]:
    from diffsynth.pipelines.z_image import ModelConfig

    placement = {} if managed_on is None else _placement(torch, managed_on)
    return [
        # A single file must be given as a string, several as a list.
        ModelConfig(path=str(part[0]) if len(part) == 1 else [str(f) for f in part], **placement)
        for part in parts.values()
    ]


def _placement(torch: Any, device: str) -> dict[str, Any]:
    """Weights rest in main memory and are moved to the GPU for each computation."""
    resting = {"offload_device": "cpu", "onload_device": "cpu"}
    working = {"preparing_device": device, "computation_device": device}
    states = ("offload", "onload", "preparing", "computation")
    return resting | working | {f"{state}_dtype": torch.bfloat16 for state in states}


def _missing(title: str, detail: str) -> ModelUnavailable:
    return ModelUnavailable(f"The model is incomplete: {title} is missing.", detail=detail)
