"""Read what a picture file says of itself: our own files and, where formats agree, other tools'."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image

from assets.provenance import aigc
from assets.provenance.writing import PARAMETERS_KEYWORD, SNAPSHOT_KEYWORD, XMP_KEYWORD
from assets.provenance.xmp import read_packet

_EXIF_DIRECTORY: Final = 0x8769
_USER_COMMENT: Final = 0x9286
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class UnreadablePictureError(ValueError):
    """The bytes are not a whole PNG, JPEG or WebP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenanceFound:
    """What was in a file. Nothing is checked: anybody can write anything into a picture.

    `infotext` is the `parameters` text, `xmp` the simple properties by name, `aigc` the label as it
    stands, `snapshot` the JSON of our own files (read it with `MetadataSnapshot.from_json`).
    """

    infotext: str | None = None
    xmp: Mapping[str, str] = field(default_factory=dict)
    aigc: Mapping[str, str] | None = None
    snapshot: Mapping[str, Any] | None = None


def read(data: bytes) -> ProvenanceFound:
    """What the file says. Decodes no pixels. Raises `UnreadablePictureError`."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            info = dict(picture.info)
            exif = picture.getexif() if picture.format != "PNG" else None
            comment = exif.get_ifd(_EXIF_DIRECTORY).get(_USER_COMMENT) if exif else None
    except (OSError, SyntaxError, ValueError, *_BOMBS) as error:
        raise UnreadablePictureError("not a PNG, JPEG or WebP that can be read") from error
    xmp = read_packet(info.get(XMP_KEYWORD) or info.get("xmp") or "")
    label = xmp.get("TC260:AIGC")
    return ProvenanceFound(
        infotext=_text(info.get(PARAMETERS_KEYWORD)) or comment_text(comment),
        xmp=xmp,
        aigc=None if label is None else aigc.from_text(label),
        snapshot=_json(info.get(SNAPSHOT_KEYWORD)),
    )


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str) else None


def _json(value: Any) -> Mapping[str, Any] | None:
    try:
        found = json.loads(value) if isinstance(value, str) else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def comment_text(comment: Any) -> str | None:
    """The text of an Exif UserComment. Writers disagree on the byte order of UTF-16.

    The text of settings and JSON, which are what tools write there, tell the order apart.
    """
    if not isinstance(comment, bytes):
        return None
    encoding, text = comment[:8], comment[8:]
    if encoding == b"UNICODE\0":
        big, little = text.decode("utf-16-be", "replace"), text.decode("utf-16-le", "replace")
        return little if "Steps:" in little or little.lstrip()[:1] == "{" else big
    if encoding == b"ASCII\0\0\0":
        return text.decode("utf-8", "replace")
    return None
