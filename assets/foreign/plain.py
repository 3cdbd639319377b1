"""Plain values out of what strangers wrote: of the right kind, within bounds, or `None`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

LONGEST_TEXT: Final = 2_000_000
"""Characters of one text of a file; graphs of hundreds of nodes stay far below."""

LONGEST_PROMPT: Final = 20_000
LONGEST_NAME: Final = 200
DEEPEST: Final = 64
"""Levels of JSON inside JSON."""

LARGEST_SEED: Final = 2**64 - 1
MOST_STEPS: Final = 10_000
LARGEST_CFG: Final = 1_000.0
LONGEST_SIDE: Final = 65_536

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_WHOLE = re.compile(r"\s*[+-]?\d{1,20}(?:\.0+)?\s*")
_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?\s*")
_WEIGHT_FILE = re.compile(r"(?i)\.(?:safetensors|sft|ckpt|gguf|pth?|bin|onnx)$")
_HASH = re.compile(r"[0-9a-f]{10,64}")
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)


def json_object(text: str | None) -> Mapping[str, Any] | None:
    """The JSON object that `text` is; `None` for anything else, too long or too deep."""
    if text is None or len(text) > LONGEST_TEXT or text.lstrip()[:1] != "{":
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and not _is_too_deep(found) else None


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _depth in range(DEEPEST):
        deeper: list[Any] = []
        for each in level:
            if isinstance(each, dict):
                deeper.extend(each.values())
            elif isinstance(each, list):
                deeper.extend(each)
        level = deeper
        if not level:
            return False
    return True


def group(value: Any) -> Mapping[str, Any]:
    """`value` where it is an object, an empty one where it is anything else."""
    return value if isinstance(value, dict) else {}


def words(value: Any, longest: int = LONGEST_PROMPT) -> str | None:
    """A text without control characters and blank ends, cut visibly; `None` for nothing."""
    if not isinstance(value, str):
        return None
    # Cleaned in the part that can be kept, however long the rest is.
    clean = _CONTROLS.sub("", value[: 2 * longest].replace("\r\n", "\n")).strip()
    if len(clean) > longest:
        clean = clean[: longest - 1] + "…"
    return clean or None


def name(value: Any) -> str | None:
    """A short text on one line."""
    found = words(value, LONGEST_NAME)
    return None if found is None else " ".join(found.split()) or None


def file_name(value: Any) -> str | None:
    """The name of a model or LoRA: tools write it with folders and endings, or without."""
    found = name(value)
    if found is None:
        return None
    last = found.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _WEIGHT_FILE.sub("", last).strip() or None


def whole(value: Any, least: int, most: int) -> int | None:
    """A whole number between the bounds, also when it was written as text or as `8.0`."""
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        value = int(value.partition(".")[0])
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if type(value) is not int or not least <= value <= most:
        return None
    return value


def number(value: Any, least: float, most: float) -> float | None:
    """A number between the bounds, also when it was written as text."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = float(value)
    if type(value) not in {int, float}:
        return None
    # Compared before it becomes a float: whole numbers in JSON can be larger than any.
    return float(value) if least <= value <= most else None


def seed(value: Any) -> int | None:
    """A seed. Some tools count to 2^64; a negative one means "any" and was not the one used."""
    return whole(value, 0, LARGEST_SEED)


def steps(value: Any) -> int | None:
    """How many steps, at least one."""
    return whole(value, 1, MOST_STEPS)


def cfg(value: Any) -> float | None:
    """A guidance scale."""
    return number(value, 0.0, LARGEST_CFG)


def side(value: Any) -> int | None:
    """A width or height in pixels."""
    return whole(value, 1, LONGEST_SIDE)


def share(value: Any) -> float | None:
    """A strength between 0 and 1."""
    return number(value, 0.0, 1.0)


def weight(value: Any) -> float | None:
    """The weight of a LoRA."""
    return number(value, -100.0, 100.0)


def shift(value: Any) -> float | None:
    """A sigma shift."""
    return number(value, 0.0, 100.0)


def sha256(value: Any) -> str | None:
    """A SHA-256, or ten of its first digits or more, in lower case."""
    found = value.strip().lower() if isinstance(value, str) and len(value) < 100 else ""
    return found if _HASH.fullmatch(found) else None


def believable(when: datetime | None, now: datetime) -> datetime | None:
    """A moment that a picture can have been made at. Archives write 1980, clocks stand wrong."""
    if when is None or when.tzinfo is None:
        return None
    try:
        moment = when.astimezone(UTC)
    except OverflowError:
        return None
    return moment if _EARLIEST <= moment <= now else None
