"""The file of one image in the form that somebody wants, its labels and metadata inside."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image as Pillow

from assets import storage
from assets.exports.options import FileOptions
from assets.labelling import provenance_of
from assets.models import Image
from assets.provenance.writing import Format, encode
from assets.snapshot import MetadataSnapshot, SnapshotError

CHUNK = 256 * 1024

_FORMATS: dict[str, Format] = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


class NotConvertible(storage.StorageError):
    """The archived file, or the record of how it was made, cannot be read."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that is there: its parts, to be read once, and how many bytes they are."""

    chunks: Iterator[bytes]
    size: int


def open_as(image: Image, options: FileOptions) -> OpenedFile:
    """The image's file, `metadata` included where it is converted.

    Raises:
        FileMissing: no file lies where the archive says.
        NotConvertible: there is one, but no picture of it can be made.
    """
    if options.as_archived:
        return OpenedFile(_chunks_of(storage.open_file(image.path)), image.bytes)
    data = converted(image, options)
    return OpenedFile(iter((data,)), len(data))


def converted(image: Image, options: FileOptions) -> bytes:
    """The image encoded anew, in memory; raises as `open_as` does."""
    archived = image.path.rpartition(".")[2]
    wanted = _FORMATS[options.extension_for(archived)]
    data = storage.read(image.path)
    try:
        provenance = provenance_of(image.uid, MetadataSnapshot.from_json(image.metadata))
        with Pillow.open(io.BytesIO(data), formats=list(storage.EXTENSIONS)) as picture:
            return encode(
                picture,
                provenance,
                wanted,
                quality=options.quality,
                max_side=options.max_side,
            )
    except (OSError, SyntaxError, ValueError, SnapshotError) as error:
        raise NotConvertible(f"{image.path} cannot be converted: {error}") from error


def content_type_of(image: Image, options: FileOptions) -> str:
    """The media type of what `open_as` gives."""
    extension = options.extension_for(image.path.rpartition(".")[2])
    return {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}[extension]


def _chunks_of(opened: IO[Any]) -> Iterator[bytes]:
    with opened:
        while chunk := opened.read(CHUNK):
            yield chunk
