"""Pictures from outside: checked, decoded, and taken over as bare pixels.

A file that somebody brings may be anything under the name of a picture. What comes out of here is a
new picture that shares nothing with the file but its pixels, and a word on whether the file itself
may be kept beside it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import Final

from PIL import Image, ImageOps

from assets.foreign.carried import Carried, carried_by

FORMATS: Final = ("PNG", "JPEG", "WEBP")
SHORTEST_SIDE: Final = 16
"""Pixels. What is smaller is an icon or a test, and no picture that anybody reviews."""

LONGEST_SIDE: Final = 16_384

# What Pillow raises over files that are damaged, or made to damage.
PILLOW_RAISES: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    MemoryError,
    struct.error,
)


class Refusal(StrEnum):
    """Why a file is no picture for us. Codes; people read the words of `refusal_words`."""

    TOO_MANY_BYTES = "too_many_bytes"
    NOT_A_PICTURE = "not_a_picture"
    DAMAGED = "damaged"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    ANIMATED = "animated"


class PictureRefused(Exception):
    """A file that is not taken over. `reason` is the code."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may be at most. Decoding takes about 12 bytes of memory for each pixel."""

    most_bytes: int
    most_pixels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HardenedPicture:
    """Bare pixels (RGB or RGBA, upright) and what the file said.

    `format` is the file's own. `keeps_original`: the file holds nothing but a picture and what is
    known to belong to one, and does not say where it was taken, so that it may be kept as it came.
    """

    picture: Image.Image
    format: str
    carried: Carried
    keeps_original: bool


def harden(data: bytes, limits: Limits, zone: tzinfo = UTC) -> HardenedPicture:
    """Take a picture over from a file, or raise `PictureRefused`.

    Only PNG, JPEG and WebP are opened at all, by name. Every size is checked before a pixel is
    decoded. Moments in the file that have no zone are read as in `zone`.
    """
    if len(data) > limits.most_bytes:
        raise PictureRefused(Refusal.TOO_MANY_BYTES)
    with _opened(data) as opened:
        try:
            _check_size(opened, limits)
            opened.load()
            carried = carried_by(opened, zone)
            bare = _bare(opened)
        except Image.DecompressionBombError as error:
            raise PictureRefused(Refusal.TOO_LARGE) from error
        except PILLOW_RAISES as error:
            raise PictureRefused(Refusal.DAMAGED) from error
        picture_format = "JPEG" if opened.format == "MPO" else opened.format or ""
    return HardenedPicture(
        picture=bare,
        format=picture_format,
        carried=carried,
        keeps_original=not carried.has_position and holds_only_a_picture(data, picture_format),
    )


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PictureRefused(Refusal.TOO_LARGE) from error
    except PILLOW_RAISES as error:
        raise PictureRefused(Refusal.NOT_A_PICTURE) from error


def _check_size(opened: Image.Image, limits: Limits) -> None:
    width, height = opened.size
    if width * height > limits.most_pixels or max(width, height) > LONGEST_SIDE:
        raise PictureRefused(Refusal.TOO_LARGE)
    if min(width, height) < SHORTEST_SIDE:
        raise PictureRefused(Refusal.TOO_SMALL)
    # The further frames of a JPEG are what cameras put beside a picture: the first one is it.
    if opened.format in {"PNG", "WEBP"} and getattr(opened, "n_frames", 1) > 1:
        raise PictureRefused(Refusal.ANIMATED)


def _bare(opened: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(opened)
    with_transparency = upright.has_transparency_data
    converted = upright.convert("RGBA" if with_transparency else "RGB")
    bare = Image.new(converted.mode, converted.size)
    bare.paste(converted)
    return bare


# What a picture file may hold and still be kept as it came: the parts that make the picture and
# those about its colours, its maker's words and its signature. Anything else, and anything behind
# the end, is a reason to keep the pixels only.
_PNG_PARTS: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD hIST pHYs sPLT tIME "
    b"tEXt zTXt iTXt eXIf caBX".split()
)
_WEBP_PARTS: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"EXIF", b"XMP ",
                                b"C2PA"})  # fmt: skip
# APP0 JFIF, APP1 Exif and XMP, APP2 colour profile, APP11 signature, APP14 Adobe's colours;
# tables, frames, the restart interval and comments.
_JPEG_PARTS: Final = frozenset(
    {0xE0, 0xE1, 0xE2, 0xEB, 0xEE, 0xDB, 0xC4, 0xDD, 0xFE, 0xC0, 0xC1, 0xC2}
)


def holds_only_a_picture(data: bytes, picture_format: str) -> bool:
    """Whether a file is made of known parts from the first byte to the last."""
    try:
        if picture_format == "PNG":
            return _PNG_PARTS.issuperset(_png_parts(data))
        if picture_format == "WEBP":
            return _WEBP_PARTS.issuperset(_webp_parts(data))
        return picture_format == "JPEG" and _JPEG_PARTS.issuperset(_jpeg_parts(data))
    except (struct.error, IndexError, _OddFile):
        return False


class _OddFile(Exception):
    """The parts of a file do not fill it."""


def _png_parts(data: bytes) -> Iterator[bytes]:
    place, kind = 8, b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, place)
        place += 12 + length
        yield kind
    if place != len(data):
        raise _OddFile


def _webp_parts(data: bytes) -> Iterator[bytes]:
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        raise _OddFile
    place = 12
    while place < len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        place += 8 + length + length % 2
        yield kind
    if place != len(data):
        raise _OddFile


def _jpeg_parts(data: bytes) -> Iterator[int]:
    place = 2
    while True:
        if data[place] != 0xFF:
            raise _OddFile
        marker = data[place + 1]
        if marker == 0xD9:
            break
        length = struct.unpack_from(">H", data, place + 2)[0]
        place += 2 + length
        if marker == 0xDA:
            place = _behind_scan(data, place)
        else:
            yield marker
    if place + 2 != len(data):
        raise _OddFile


def _behind_scan(data: bytes, place: int) -> int:
    """Where the compressed part that begins at `place` ends: at a marker that is not inside one."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0:
            raise _OddFile
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2
