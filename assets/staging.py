"""Where received files lie until the archivist has taken them over: beside the archive, in pieces.

They go through the same storage as the archive, so that any machine of the site can take them over,
and under names that say nothing: `incoming/<file>/<offset>`. An object store cannot append, so a
large file is many pieces; a reader puts them together.
"""

from __future__ import annotations

import errno
import io
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import IO, Any
from uuid import UUID

import structlog
from django.core.files.base import ContentFile

from assets.storage import FileMissing, StorageError, StorageFull, archive_storage

log = structlog.get_logger(__name__)

FOLDER = "incoming"
_PIECE = re.compile(
    FOLDER + r"/(?P<file>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/(?P<offset>\d{1,19})"
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def write_piece(file: UUID, offset: int, data: bytes) -> None:
    """Keep one piece; what lies there already is replaced. Raises `StorageFull`, `StorageError`."""
    storage, path = archive_storage(), _path(file, offset)
    try:
        if storage.exists(path):
            storage.delete(path)
        storage.save(path, ContentFile(data))
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(f"There is no room for {len(data)} more bytes.") from error
        raise StorageError(f"{path} could not be written: {error}") from error


def delete_pieces(file: UUID, offsets: Sequence[int]) -> None:
    """Remove the pieces of a file, as far as they are there. A failure is logged."""
    storage = archive_storage()
    for offset in offsets:
        try:
            storage.delete(_path(file, offset))
        except Exception:
            log.warning("staging.not_deleted", file=str(file), offset=offset, exc_info=True)
    try:
        storage.delete(f"{FOLDER}/{file}")  # the folder, where there are folders
    except Exception:  # noqa: BLE001  # every storage has its own, and an empty folder is harmless
        log.debug("staging.folder_left", file=str(file))


def piece_named(path: str) -> tuple[UUID, int] | None:
    """The file and the offset that a path of this folder names; `None` for any other path."""
    found = _PIECE.fullmatch(path)
    return (UUID(found["file"]), int(found["offset"])) if found else None


class PiecesReader(io.RawIOBase):
    """The pieces of a file as one that can be read from anywhere. One piece is open at a time."""

    def __init__(self, file: UUID, offsets: Sequence[int], size: int) -> None:
        super().__init__()
        self._file = file
        self._offsets = sorted(offsets)
        self._size = size
        self._place = 0
        self._open: tuple[int, IO[Any]] | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; beyond the end there is nothing to read."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._place = start + offset
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer from the piece at this place; at most to the end of the piece."""
        if self._place >= self._size:
            return 0
        index = bisect_right(self._offsets, self._place) - 1
        start = self._offsets[index]
        piece = self._piece(start)
        piece.seek(self._place - start)
        part = piece.read(len(buffer))
        buffer[: len(part)] = part
        self._place += len(part)
        return len(part)

    def close(self) -> None:
        """Close the piece that is open."""
        if self._open:
            self._open[1].close()
            self._open = None
        super().close()

    def _piece(self, offset: int) -> IO[Any]:
        if self._open is None or self._open[0] != offset:
            if self._open:
                self._open[1].close()
                self._open = None
            path = _path(self._file, offset)
            try:
                self._open = (offset, archive_storage().open(path, "rb"))
            except FileNotFoundError as error:
                raise FileMissing(f"{path} is not there") from error
        return self._open[1]


def open_pieces(file: UUID, offsets: Sequence[int], size: int) -> io.BufferedReader:
    """A file that was received, whole. Reading raises `FileMissing` when a piece is gone."""
    return io.BufferedReader(PiecesReader(file, offsets, size), 1024 * 1024)


def _path(file: UUID, offset: int) -> str:
    return f"{FOLDER}/{file}/{offset}"
