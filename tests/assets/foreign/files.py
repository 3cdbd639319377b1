"""Picture files with texts in them, as other tools write them."""

import io
import json
from datetime import UTC
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assets.foreign.carried import Carried, carried_by
from assets.foreign.reading import read_record
from assets.provenance.writing import exif_user_comment


def png_with(colour: Any = "teal", **texts: Any) -> bytes:
    """A PNG with these texts; what is no text is written as JSON."""
    chunks = PngInfo()
    for keyword, value in texts.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        chunks.add_itxt(keyword, text)
    file = io.BytesIO()
    Image.new("RGB", (32, 32), colour).save(file, "PNG", pnginfo=chunks)
    return file.getvalue()


def jpeg_with(exif: Image.Exif | bytes, picture_format: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(file, picture_format, exif=exif)
    return file.getvalue()


def commented(text: str) -> bytes:
    """A JPEG with this Exif comment."""
    return jpeg_with(exif_user_comment(text))


def carried_of(data: bytes) -> Carried:
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        return carried_by(picture, UTC)


def record_of(data: bytes):
    return read_record(carried_of(data))
