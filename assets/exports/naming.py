"""What exported files are called: their archive name, else a name after the team's pattern.

Every pattern names `{id}` or `{number}`, so that no two files of an export have one name.
"""

from __future__ import annotations

import re
import string
import unicodedata
import zoneinfo
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from assets.models import Image

USUAL_PATTERN: Final = "{project}_{date}_{id}"
LONGEST_PATTERN: Final = 120
LONGEST_STEM_BYTES: Final = 200
"""File systems take 255 bytes; the rest is room for the extension and what browsers add."""

PLACEHOLDERS: Final[Mapping[str, str]] = {
    "project": "宠物主题",
    "date": "20250105",
    "time": "093000",
    "id": "3f2a9c1b0d4e",
    "number": "0001",
    "seed": "123456",
    "person": "Uma",
    "model": "Z-Image-Turbo",
    "prompt": "一只金毛犬-坐在草地上",
}
"""What a pattern can name, with an example of each."""

_TELL_APART: Final = frozenset({"id", "number"})
_LONGEST_PROMPT: Final = 40
# Names that Windows keeps for devices, with whatever extension.
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def check_pattern(pattern: str) -> str:
    """The pattern without space around it; `InvalidInput` on `names` for an unusable one."""
    pattern = pattern.strip() or USUAL_PATTERN
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidInput(
            _("A pattern has at most %(most)d characters.") % {"most": LONGEST_PATTERN},
            field="names",
        )
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise InvalidInput(
            _("A brace of the pattern is not closed, or was never opened."), field="names"
        ) from error
    named = {name for _text, name, _spec, _conversion in parts if name is not None}
    extras = any(spec or conversion for _text, _name, spec, conversion in parts)
    unknown = sorted(named - PLACEHOLDERS.keys())
    if unknown or extras:
        raise InvalidInput(
            _("A pattern can name only: %(names)s.")
            % {"names": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)},
            field="names",
        )
    if not named & _TELL_APART:
        raise InvalidInput(
            _("Name {id} or {number} in the pattern, so that no two files have the same name."),
            field="names",
        )
    return pattern


def file_name(image: Image, *, pattern: str, number: int, extension: str) -> str:
    """What the file of an image is called. `image` is loaded with its project, that with its
    organization, and where the pattern names the person, `created_by`.
    """
    if image.archive_name:
        return f"{PurePosixPath(image.archive_name).stem}.{extension}"
    moment = timezone.localtime(image.created_at, _zone_of(image))
    values = {
        "project": safe_part(image.project.name),
        "date": f"{moment:%Y%m%d}",
        "time": f"{moment:%H%M%S}",
        "id": image.uid.hex[-12:],
        "number": f"{number:04d}",
        "seed": "" if image.seed is None else str(image.seed),
        "person": safe_part(str(image.created_by)) if "{person}" in pattern else "",
        "model": safe_part(image.model_name),
        "prompt": safe_part(image.prompt[:_LONGEST_PROMPT]),
    }
    stem = safe_part(pattern.format(**values))
    if len(stem.encode()) > LONGEST_STEM_BYTES or _DEVICES.match(stem):
        # What tells files apart stands at the end, and survives.
        rest = f"_{values['id']}_{values['number']}"
        stem = _cut(stem, LONGEST_STEM_BYTES - len(rest)).strip(". ") + rest
        stem = stem if not _DEVICES.match(stem) else f"_{stem}"
    return f"{stem or values['id']}.{extension}"


def safe_part(text: str) -> str:
    """The text as every file system takes it: letters and digits of all scripts, `-`, `_`, `.`."""
    text = unicodedata.normalize("NFC", text)
    spaced = "".join(each if _is_safe(each) else " " for each in text)
    return "-".join(spaced.split()).strip("-.")


def _is_safe(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "-_."
    return unicodedata.category(character)[0] in "LNM"


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")


def _zone_of(image: Image) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(image.project.organization.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
