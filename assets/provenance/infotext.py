"""The `parameters` text that AUTOMATIC1111 introduced and every image tool reads.

    <prompt, may be several lines>
    Negative prompt: <negative, absent when empty>
    Steps: 8, CFG scale: 1, Seed: 123456, Size: 1024x1024, Model: Z-Image-Turbo, Version: ...

The text is for other programs and loses a little: words that would be mistaken for its own marks
get a space before the colon, control characters go. The exact words are in the snapshot.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from assets.provenance.statement import Provenance
from assets.snapshot import Lora

LONGEST_PROMPT: Final = 10_000
LONGEST_NEGATIVE: Final = 4_000
"""Characters kept. Exif in a JPEG holds 65,533 bytes, and one character can need four."""

_MARKS = re.compile(r"(?i)(negative prompt|steps):")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_RESERVED = re.compile(r'[,:"\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
_SETTING = re.compile(r'\s*(\w[\w \-/]*):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
_FEWEST_SETTINGS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Infotext:
    """A `parameters` text taken apart. Values are text, exactly as written."""

    prompt: str
    negative_prompt: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


def infotext(provenance: Provenance) -> str:
    """The `parameters` text of a picture. Settings that are not known are left out."""
    words = provenance.snapshot.words
    lines = [_words(words.effective_prompt, LONGEST_PROMPT)]
    negative = _words(words.negative_prompt or "", LONGEST_NEGATIVE)
    if negative:
        lines.append(f"Negative prompt: {negative}")
    settings = _settings(provenance)
    lines.append(", ".join(f"{name}: {value}" for name, value in settings.items()))
    return "\n".join(lines)


def parse_infotext(text: str) -> Infotext:
    """Take a `parameters` text apart, whichever program wrote it. Never fails.

    A last line with fewer than three settings is part of the words, as other readers have it.
    """
    lines = text.strip().split("\n")
    settings = _read_settings(lines[-1])
    if len(settings) < _FEWEST_SETTINGS:
        settings = {}
    else:
        lines.pop()
    prompt: list[str] = []
    negative: list[str] = []
    reading = prompt
    for line in lines:
        content = line.strip()
        if content.startswith("Negative prompt:"):
            reading = negative
            content = content.removeprefix("Negative prompt:").strip()
        reading.append(content)
    return Infotext(
        prompt="\n".join(prompt), negative_prompt="\n".join(negative), settings=settings
    )


def _words(text: str, longest: int) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _MARKS.sub(r"\1 :", _CONTROLS.sub("", text)).strip()
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _value(text: str) -> str:
    """A value without the characters that mean something on the settings line."""
    return _RESERVED.sub(" ", text).strip()


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def _settings(provenance: Provenance) -> dict[str, str]:
    snapshot = provenance.snapshot
    picture, model = snapshot.picture, snapshot.model
    # What no model had a part in must not look as if one had.
    by_model: dict[str, str | None] = {}
    if not snapshot.engine.is_preview:
        by_model = {
            "Sampler": _value(picture.sampler or ""),
            "Schedule type": _value(picture.schedule or ""),
            "Model hash": model.main_hash and model.main_hash[:10],
            **_lora_settings(model.loras),
        }
    settings = {
        "Steps": _number(picture.steps),
        "Sampler": by_model.pop("Sampler", None),
        "Schedule type": by_model.pop("Schedule type", None),
        "CFG scale": _number(picture.cfg),
        "Shift": _number(picture.sigma_shift),
        "Seed": _number(picture.seed),
        "Size": f"{picture.width}x{picture.height}",
        "Model hash": by_model.pop("Model hash", None),
        "Model": _value(provenance.model_name) or "unknown",
        "Denoising strength": _number(snapshot.origin.strength),
        **by_model,
        "Version": _value(provenance.made_with),
    }
    return {name: value for name, value in settings.items() if value}


def _lora_settings(loras: tuple[Lora, ...]) -> dict[str, str]:
    if not loras:
        return {}
    weights = ", ".join(f"{_value(each.name)}: {_number(each.weight)}" for each in loras)
    hashes = ", ".join(f"{_value(each.name)}: {each.sha256[:12]}" for each in loras if each.sha256)
    return {
        "Lora weights": f'"{weights}"',
        "Lora hashes": f'"{hashes}"' if hashes else "",
    }


def _read_settings(line: str) -> dict[str, str]:
    """The settings of one line, from comma to comma: the cost grows with the length, no faster."""
    settings: dict[str, str] = {}
    position = 0
    while position < len(line):
        found = _SETTING.match(line, position)
        if found:
            settings[found[1]] = _unquoted(found[2].strip())
            position = found.end()
        else:
            comma = line.find(",", position)
            position = len(line) if comma < 0 else comma + 1
    return settings


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value.strip('"')
