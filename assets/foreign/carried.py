"""The texts that a picture file carries, taken out of an opened picture and capped."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from PIL import Image

from assets.foreign import plain
from assets.provenance import aigc
from assets.provenance.reading import comment_text
from assets.provenance.writing import XMP_KEYWORD
from assets.provenance.xmp import read_packet

MOST_TEXTS: Final = 100
LONGEST_LABEL: Final = 2_000

_DESCRIPTION: Final = 0x010E
_MAKE: Final = 0x010F
_MODEL: Final = 0x0110
_CHANGED: Final = 0x0132
_EXIF_DIRECTORY: Final = 0x8769
_POSITION_DIRECTORY: Final = 0x8825
_TAKEN: Final = 0x9003
_TAKEN_OFFSET: Final = 0x9011
_CHANGED_OFFSET: Final = 0x9010
_USER_COMMENT: Final = 0x9286

# What Pillow raises over Exif that is none.
_NO_EXIF: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    ZeroDivisionError,
    RecursionError,
    struct.error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a file carries besides its pixels, as text.

    `texts` are the chunks of a PNG by keyword; `comment`, `description`, `camera_make` and
    `camera_model` are entries of Exif, where tools without chunks of their own put their words.
    `taken_at` is the moment the file itself names. `has_position`: it says where it was taken.
    `label` is its AIGC label, whoever wrote it.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    comment: str | None = None
    description: str | None = None
    camera_make: str | None = None
    camera_model: str | None = None
    taken_at: datetime | None = None
    has_position: bool = False
    label: Mapping[str, str] = field(default_factory=dict)


def carried_by(picture: Image.Image, zone: tzinfo) -> Carried:
    """Everything a reader may look at. Never fails over what the file says.

    PNG may carry texts behind the pixels, which are only there once the picture is loaded. Exif
    knows local times; those without a zone are read as in `zone`.
    """
    texts: dict[str, str] = {}
    for keyword, value in list(picture.info.items())[:MOST_TEXTS]:
        if isinstance(keyword, str) and isinstance(value, str):
            texts[keyword] = value[: plain.LONGEST_TEXT + 1]
    exif, inner, position = _directories(picture)
    packet = _packet(picture)
    return Carried(
        texts=texts,
        comment=_capped(comment_text(inner.get(_USER_COMMENT))),
        description=_entry(exif, _DESCRIPTION),
        camera_make=_entry(exif, _MAKE),
        camera_model=_entry(exif, _MODEL),
        taken_at=(
            _moment(inner.get(_TAKEN), inner.get(_TAKEN_OFFSET), zone)
            or _packet_moment(packet)
            or _moment(exif.get(_CHANGED), inner.get(_CHANGED_OFFSET), zone)
        ),
        has_position=position,
        label=_label(packet),
    )


def _directories(picture: Image.Image) -> tuple[Mapping[int, Any], Mapping[int, Any], bool]:
    """Exif's first directory, the one inside, and whether there is one about the place."""
    try:
        exif = picture.getexif()
        return dict(exif), exif.get_ifd(_EXIF_DIRECTORY), _POSITION_DIRECTORY in exif
    except _NO_EXIF:
        # What cannot be read may say anything, so it counts as saying where.
        return {}, {}, "exif" in picture.info


def _capped(text: str | None) -> str | None:
    return None if text is None else text[: plain.LONGEST_TEXT + 1]


def _entry(exif: Mapping[int, Any], tag: int) -> str | None:
    value = exif.get(tag)
    return _capped(value) if isinstance(value, str) else None


def _moment(written: Any, offset: Any, zone: tzinfo) -> datetime | None:
    """`2025:03:14 15:09:26`, with `+08:00` beside it or in the zone of the site."""
    if not isinstance(written, str):
        return None
    try:
        local = datetime.strptime(written.strip("\0 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    return local.replace(tzinfo=_offset(offset) or zone)


def _offset(written: Any) -> tzinfo | None:
    try:
        found = datetime.strptime(str(written).strip("\0 "), "%z").utcoffset()
    except ValueError:
        return None
    return None if found is None or abs(found) >= timedelta(hours=24) else timezone(found)


def _packet(picture: Image.Image) -> Mapping[str, str]:
    packet = picture.info.get(XMP_KEYWORD) or picture.info.get("xmp") or ""
    return read_packet(packet) if isinstance(packet, str | bytes) else {}


def _packet_moment(packet: Mapping[str, str]) -> datetime | None:
    written = packet.get("xmp:CreateDate")
    try:
        found = datetime.fromisoformat(written) if written else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _label(packet: Mapping[str, str]) -> Mapping[str, str]:
    """The seven texts of the label, each no longer than anybody's real one."""
    text = packet.get("TC260:AIGC")
    found = aigc.from_text(text) if text and len(text) < LONGEST_LABEL else None
    said = {key: plain.words(found.get(key), LONGEST_LABEL) for key in aigc.KEYS} if found else {}
    return {key: value for key, value in said.items() if value}
