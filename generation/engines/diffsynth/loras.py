"""LoRAs: put on for one picture, taken off after it, the model beneath bit for bit unchanged.

The pipeline's own `lora=` argument is not used: without hot loading it melts the LoRA into the
weights again at every step, and nothing brings the model back.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generation.engines.base import LoraMissing, LoraRef, LoraUnfit
from generation.engines.diffsynth.faults import explain_lora
from generation.engines.weight_files import is_inside, sha256_of


def locate(lora: LoraRef, root: Path | None) -> Path:
    """The file of a LoRA, which must lie below `root` if there is one, links followed.

    Raises `LoraMissing`. Without a root only whole paths are taken: whoever makes such an engine
    decides what may be read.
    """
    if root is None and not lora.path.is_absolute():
        raise LoraMissing("loras", "This worker has no directory of LoRAs.", detail=str(lora.path))
    path = lora.path if root is None else root / lora.path
    try:
        inside = root is None or is_inside(path, [root])
        there = inside and path.is_file()
    except (OSError, RuntimeError, ValueError):  # names too long, links in a circle, null bytes
        inside, there = True, False
    if not inside:
        raise LoraMissing(
            "loras", "A LoRA lies outside the directory of LoRAs.", detail=str(lora.path)
        )
    if not there:
        raise LoraMissing("loras", "A LoRA file is missing.", detail=str(lora.path))
    return path


def put_on(pipeline: Any, loras: tuple[LoraRef, ...]) -> None:
    """Attach each LoRA to the transformer, in the given order; their effects add up.

    Raises `LoraUnfit` for one that does not fit, `LoraMissing` for one that cannot be read.
    """
    pipeline.dit = pipeline.enable_lora_hot_loading(pipeline.dit)
    for lora in loras:
        before = sum(len(layer.lora_A_weights) for layer in _layers(pipeline))
        failure = None
        try:
            _check_file(lora)
            pipeline.load_lora(pipeline.dit, str(lora.path), alpha=lora.weight)
        except Exception as error:  # noqa: BLE001 - every kind is mapped
            failure = explain_lora(error)
        if failure is not None:
            raise failure
        if sum(len(layer.lora_A_weights) for layer in _layers(pipeline)) == before:
            raise LoraUnfit("loras", "A LoRA was made for another model.", detail=str(lora.path))
    _check_shapes(pipeline)


def take_off(pipeline: Any) -> None:
    """Remove every LoRA; free when there is none."""
    for layer in _layers(pipeline):
        layer.lora_A_weights.clear()
        layer.lora_B_weights.clear()


def _layers(pipeline: Any) -> Iterator[Any]:
    return (part for part in pipeline.dit.modules() if hasattr(part, "lora_A_weights"))


def _check_file(lora: LoraRef) -> None:
    if lora.sha256 and sha256_of(lora.path) != lora.sha256.lower():
        raise LoraMissing(
            "loras", "A LoRA file is not the one that was asked for.", detail=str(lora.path)
        )


def _check_shapes(pipeline: Any) -> None:
    """A LoRA of another size would stop the picture at the first step with an obscure error."""
    for layer in _layers(pipeline):
        outputs, inputs = layer.out_features, layer.in_features
        pairs = zip(layer.lora_A_weights, layer.lora_B_weights, strict=True)
        for down, up in pairs:
            rank = down.shape[0]
            if tuple(down.shape) != (rank, inputs) or tuple(up.shape) != (outputs, rank):
                raise LoraUnfit(
                    "loras", "A LoRA was made for a model of another size.", detail=layer.name
                )
