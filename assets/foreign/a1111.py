"""The `parameters` text of AUTOMATIC1111, which Forge, SD.Next, Civitai and many others write."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assets.foreign import plain
from assets.foreign.carried import Carried
from assets.foreign.record import ForeignRecord
from assets.provenance.infotext import Infotext, parse_infotext
from assets.snapshot import Lora

TOOL = "A1111"

_LORA = re.compile(r"<(?:lora|lyco):([^:<>]{1,200}):([^:<>]{1,20})(?::[^<>]{0,100})?>")
_WEIGHT = re.compile(r"\s*([^:]{1,200}):\s*([^:,]{1,20})\s*(?:,|$)")
_SIZE = re.compile(r"\s*(\d{1,6})\s*x\s*(\d{1,6})\s*")
_MOST_LORAS = 50


def read(carried: Carried) -> ForeignRecord | None:
    """What the text says. A comment in Exif must have the line of settings to be taken for one."""
    written = carried.texts.get("parameters")
    text = written or carried.comment
    if text is None or len(text) > plain.LONGEST_TEXT or text.lstrip()[:1] == "{":
        return None
    found = parse_infotext(text)
    if "Steps" not in found.settings and (found.settings or written is None):
        return None
    return _record(found)


def _record(found: Infotext) -> ForeignRecord | None:
    said = found.settings
    version = plain.name(said.get("Version"))
    is_ours = (version or "").startswith("Atelier ")
    size = _SIZE.fullmatch(said.get("Size", ""))
    prompt = plain.words(found.prompt)
    if prompt is None and not said:
        return None
    return ForeignRecord(
        tool="Atelier" if is_ours else TOOL,
        tool_version=version.removeprefix("Atelier ") if version and is_ours else version,
        prompt=prompt,
        negative_prompt=plain.words(found.negative_prompt),
        seed=plain.seed(said.get("Seed")),
        steps=plain.steps(said.get("Steps")),
        cfg=plain.cfg(said.get("CFG scale")),
        sigma_shift=plain.shift(said.get("Shift")),
        sampler=plain.name(said.get("Sampler")),
        schedule=plain.name(said.get("Schedule type")),
        asked_width=plain.side(size[1]) if size else None,
        asked_height=plain.side(size[2]) if size else None,
        strength=_strength(said),
        model_name=plain.file_name(said.get("Model")),
        model_hash=plain.sha256(said.get("Model hash")),
        loras=_loras(found.prompt, said),
    )


def _strength(said: Mapping[str, str]) -> float | None:
    # A picture that was only enlarged names the strength of that pass and began with no other.
    if any(key.startswith("Hires ") for key in said):
        return None
    return plain.share(said.get("Denoising strength"))


def _loras(prompt: str, said: Mapping[str, str]) -> tuple[Lora, ...]:
    """From the marks in the prompt or, as Atelier writes them, from the settings."""
    named = _LORA.findall(prompt[: plain.LONGEST_PROMPT])
    named += _WEIGHT.findall(said.get("Lora weights", "")[: plain.LONGEST_PROMPT])
    loras: dict[str, Lora] = {}
    for name, weight in named[:_MOST_LORAS]:
        known, heavy = plain.file_name(name), plain.weight(weight)
        if known and heavy is not None:
            loras.setdefault(known, Lora(name=known, weight=heavy))
    return tuple(loras.values())
