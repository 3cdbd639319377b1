"""A handful of painted pictures, from which any number of files with hashes of their own are made.

Painting and packing a hundred thousand pictures takes hours. So each size is painted a few times,
and a file of its own is made of it by writing the image's uid into a text chunk of the PNG.
"""

from __future__ import annotations

import colorsys
import hashlib
import io
import random
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.core.files.storage import FileSystemStorage
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from assets.renditions import KINDS
from assets.storage import archive_storage, original_path, rendition_path, write_once

PAINTED_OF_A_SIZE = 24
_HEADER_BYTES = 33  # signature and IHDR, after which a text chunk may stand
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PooledRendition:
    """One written rendition."""

    kind: str
    path: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True)
class PooledPicture:
    """One written picture."""

    path: str
    sha256: str
    bytes: int
    placeholder: str
    renditions: tuple[PooledRendition, ...]


@dataclass(frozen=True, slots=True)
class _Painted:
    png: bytes
    renditions: tuple[tuple[str, Size, bytes], ...]


class Pool:
    """Pictures of every size that was asked for, painted when they are first needed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._painted: dict[tuple[Size, int], _Painted] = {}

    def store(self, organization_id: int, project_id: int, uid: UUID, size: Size) -> PooledPicture:
        """Write the files of one more image of the archive."""
        number = uid.int % PAINTED_OF_A_SIZE
        if (size, number) not in self._painted:
            chance = random.Random(f"{self._seed} {size} {number}")
            self._painted[size, number] = _pack(_paint(chance, size))
        painted = self._painted[size, number]
        original = _with_text(painted.png, "uid", str(uid))
        sha256 = hashlib.sha256(original).hexdigest()
        path = original_path(
            organization_id=organization_id, project_id=project_id, sha256=sha256, extension="png"
        )
        _write(path, original)
        renditions = []
        for kind, (width, height), data in painted.renditions:
            where = rendition_path(path, kind, "webp")
            _write(where, data)
            renditions.append(PooledRendition(kind, where, width, height, len(data)))
        return PooledPicture(path, sha256, len(original), "", tuple(renditions))


def _pack(picture: Pillow.Image) -> _Painted:
    file = io.BytesIO()
    picture.quantize(64, dither=Pillow.Dither.NONE).save(file, "PNG")
    renditions = []
    for kind in KINDS:
        small = picture.copy()
        small.thumbnail((kind.side, kind.side))
        packed = io.BytesIO()
        small.save(packed, "WEBP", quality=60)
        renditions.append((kind.name, small.size, packed.getvalue()))
    return _Painted(file.getvalue(), tuple(renditions))


def _write(path: str, data: bytes) -> None:
    """Like `write_once`, but locally without waiting for the disk: it can be made again."""
    storage = archive_storage()
    if not isinstance(storage, FileSystemStorage):
        write_once(path, data)
        return
    target = Path(storage.path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _with_text(png: bytes, key: str, text: str) -> bytes:
    body = b"tEXt" + key.encode() + b"\0" + text.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_HEADER_BYTES] + chunk + png[_HEADER_BYTES:]


def _paint(chance: random.Random, size: Size) -> Pillow.Image:
    """A calm landscape: sky, a sun or moon, some layers of hills."""
    width, height = size
    hue = chance.randrange(360)
    sky = Pillow.linear_gradient("L").resize(size)
    low, high = _colour(hue, 45, 88), _colour(hue + chance.randrange(-60, 60), 55, 45)
    picture = Pillow.composite(Pillow.new("RGB", size, low), Pillow.new("RGB", size, high), sky)
    draw = ImageDraw.Draw(picture)
    radius = chance.randrange(width // 14, width // 6)
    x, y = chance.randrange(width), chance.randrange(height // 6, height // 2)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), _colour(hue + 180, 60, 85))
    for layer in range(chance.randrange(3, 6)):
        base = height * (5 + layer) // 10
        step = width // chance.randrange(5, 10)
        ridge = [
            (x, base + chance.randrange(-height // 12, height // 12))
            for x in range(-step, width + 2 * step, step)
        ]
        colour = _colour(hue + 20 * layer, 40, max(52 - 11 * layer, 8))
        draw.polygon([*ridge, (width + step, height), (-step, height)], colour)
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def _colour(hue: int, saturation: int, lightness: int) -> tuple[int, int, int]:
    """A colour from its hue in degrees, and saturation and lightness in percent."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, saturation / 100, lightness / 100)
    return round(red * 255), round(green * 255), round(blue * 255)
