"""Loading: from files on disk to a pipeline that is known to be complete."""

from typing import Any

from generation.engines.base import ModelUnavailable
from generation.engines.diffsynth.files import ModelFiles

RESIDENT = "resident"
MANAGED = "vram-managed"

_NEEDED = {
    "dit": "the image transformer",
    "text_encoder": "the text encoder",
    "vae_encoder": "the image encoder (VAE)",
    "vae_decoder": "the image decoder (VAE)",
    "tokenizer": "the tokenizer",
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
    placement = _placement(torch, device) if managed else {}
    configs = [
        # A single file must be given as a string, several as a list.
        ModelConfig(path=str(part[0]) if len(part) == 1 else [str(f) for f in part], **placement)
        for part in files.parts
    ]
    pipeline = ZImagePipeline.from_pretrained(
        torch_dtype=torch.bfloat16,  # the only precision the transformer works in
        device=device,
        model_configs=configs,
        tokenizer_config=ModelConfig(path=f"{files.tokenizer}/"),
        vram_limit=vram_limit if managed else None,
    )
    # A part that was not recognised is left out without an error and would be missed only when
    # it is needed, the decoder after all steps.
    for attribute, title in _NEEDED.items():
        if getattr(pipeline, attribute) is None:
            raise ModelUnavailable(
                f"The model is incomplete: {title} is missing.",
                detail=f"pipeline.{attribute} is None after loading {files.directory}",
            )
    return pipeline, MANAGED if managed else RESIDENT


def _placement(torch: Any, device: str) -> dict[str, Any]:
    """Weights rest in main memory and are moved to the GPU for each computation."""
    resting = {"offload_device": "cpu", "onload_device": "cpu"}
    working = {"preparing_device": device, "computation_device": device}
    states = ("offload", "onload", "preparing", "computation")
    return resting | working | {f"{state}_dtype": torch.bfloat16 for state in states}
