"""SwarmUI: one JSON object with `sui_image_params`, as `parameters` text or as Exif comment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assets.foreign import plain
from assets.foreign.carried import Carried
from assets.foreign.record import ForeignRecord
from assets.snapshot import Lora

TOOL = "SwarmUI"

_MARK = "sui_image_params"
_MOST_LORAS = 50


def read(carried: Carried) -> ForeignRecord | None:
    """What the object says; `None` where there is none."""
    for text in (carried.texts.get("parameters"), carried.comment, carried.camera_model):
        if text and _MARK in text:
            found = plain.json_object(text)
            said = plain.group(found and found.get(_MARK))
            if said:
                return _record(said)
    return None


def _record(said: Mapping[str, Any]) -> ForeignRecord:
    return ForeignRecord(
        tool=TOOL,
        tool_version=plain.name(said.get("swarm_version")),
        prompt=plain.words(said.get("prompt")),
        negative_prompt=plain.words(said.get("negativeprompt")),
        seed=plain.seed(said.get("seed")),
        steps=plain.steps(said.get("steps")),
        cfg=plain.cfg(said.get("cfgscale")),
        sigma_shift=plain.shift(said.get("sigmashift")),
        sampler=plain.name(said.get("sampler")) or plain.name(said.get("comfyuisampler")),
        schedule=plain.name(said.get("scheduler")) or plain.name(said.get("comfyuischeduler")),
        asked_width=plain.side(said.get("width")),
        asked_height=plain.side(said.get("height")),
        # "Creativity" of a picture that began with another; without one there is no such entry.
        strength=plain.share(said.get("initimagecreativity")) if said.get("initimage") else None,
        model_name=plain.file_name(said.get("model")),
        loras=_loras(said.get("loras"), said.get("loraweights")),
    )


def _loras(named: Any, weights: Any) -> tuple[Lora, ...]:
    if not isinstance(named, list) or not isinstance(weights, list):
        return ()
    loras = []
    for name, weight in zip(named[:_MOST_LORAS], weights, strict=False):
        known, heavy = plain.file_name(name), plain.weight(weight)
        if known and heavy is not None:
            loras.append(Lora(name=known, weight=heavy))
    return tuple(loras)
