"""The files of an import, one by one, whether they came alone or inside a zip.

Nothing is unpacked to a disk: what lies in a zip is read out of it when it is its turn, under a
name that is only ever shown, and never more of it than a picture may have.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import IO, Final

from assets.actions.importing import MEGABYTE
from assets.file_names import clean_name, is_zip
from assets.models import IntakeFile
from assets.staging import open_pieces
from assets.storage import FileMissing

LARGEST_DIRECTORY: Final = 64 * MEGABYTE
"""Bytes of a zip's table of contents: a hundred thousand files with long names have less."""

_ENDS_WITHIN: Final = 22 + 65_535
_ENCRYPTED: Final = 0x1
# What macOS, Windows and hidden folders leave in archives: nobody means these.
_LITTER: Final = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")

ZIP_RAISES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    OverflowError,
)


class Unreadable(Exception):
    """A file that cannot be read; `reason` is a code of `assets.operations.import_words`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One file that may be a picture: where it lies, its name, and when it was changed.

    `entry` is the place in the zip `file`. A file that cannot be read says why in `reason`.
    """

    file: IntakeFile
    entry: int | None
    name: str
    modified_at: datetime | None
    reason: str = ""


class Unpacker:
    """Opens what was received for an import, and keeps the last zip open for what comes next."""

    def __init__(self, *, most_bytes: int, most_files: int, zone: tzinfo) -> None:
        self._most_bytes = most_bytes
        self._most_files = most_files
        self.zone = zone
        self._held: tuple[int, zipfile.ZipFile] | None = None

    def files_in(self, file: IntakeFile) -> Iterator[Incoming]:
        """The file itself, or those inside it; never more than one import may have."""
        alone = Incoming(
            file=file, entry=None, name=file.name, modified_at=file.modified_at, reason=""
        )
        if not file.is_complete:
            yield _refused(alone, "incomplete")
        elif file.needs_no_sending or not self._is_zip(file):
            yield alone
        else:
            try:
                entries = self._zip(file).infolist()
            except Unreadable as error:
                yield _refused(alone, error.reason)
                return
            yield from self._entries(file, entries)

    def read(self, file: IntakeFile, entry: int | None) -> bytes:
        """All bytes of a file. Raises `Unreadable` when it is damaged or larger than allowed."""
        with self.open(file, entry) as opened:
            try:
                data = opened.read(self._most_bytes + 1)
            except FileMissing as error:
                raise Unreadable("lost") from error
            except ZIP_RAISES as error:
                raise Unreadable("zip_damaged") from error
        if len(data) > self._most_bytes:
            raise Unreadable("too_many_bytes")
        return data

    def open(self, file: IntakeFile, entry: int | None) -> IO[bytes]:
        """A file, open for reading. Raises `Unreadable`."""
        if entry is None:
            return open_pieces(file.uid, file.pieces, file.bytes)
        archive = self._zip(file)
        try:
            info = archive.infolist()[entry]
            if info.flag_bits & _ENCRYPTED:
                raise Unreadable("zip_encrypted")
            if info.file_size > self._most_bytes:
                raise Unreadable("too_many_bytes")
            return archive.open(info)
        except FileMissing as error:
            raise Unreadable("lost") from error
        except ZIP_RAISES as error:
            raise Unreadable("zip_damaged") from error

    def close(self) -> None:
        """Let go of the zip that is open."""
        if self._held:
            self._held[1].close()
            self._held = None

    def _entries(self, file: IntakeFile, entries: list[zipfile.ZipInfo]) -> Iterator[Incoming]:
        for place, info in enumerate(entries):
            name = clean_name(info.filename)
            if info.is_dir() or not name or _is_litter(name):
                continue
            yield Incoming(
                file=file,
                entry=place,
                name=clean_name(f"{file.name}/{name}"),
                modified_at=_moment(info, self.zone),
            )

    def _is_zip(self, file: IntakeFile) -> bool:
        """By its name or by how it begins: what is called a picture may be one, too."""
        if is_zip(file.name):
            return True
        try:
            with open_pieces(file.uid, file.pieces, file.bytes) as opened:
                return opened.read(4) == b"PK\x03\x04"
        except FileMissing:
            return False

    def _zip(self, file: IntakeFile) -> zipfile.ZipFile:
        if self._held is None or self._held[0] != file.pk:
            self.close()
            try:
                opened = open_pieces(file.uid, file.pieces, file.bytes)
                if _directory_bytes(opened, file.bytes) > LARGEST_DIRECTORY:
                    raise Unreadable("zip_too_many")
                archive = zipfile.ZipFile(opened)
                if len(archive.infolist()) > self._most_files:
                    raise Unreadable("zip_too_many")
            except FileMissing as error:
                raise Unreadable("lost") from error
            except ZIP_RAISES as error:
                raise Unreadable("zip_damaged") from error
            self._held = (file.pk, archive)
        return self._held[1]


def _refused(incoming: Incoming, reason: str) -> Incoming:
    return Incoming(
        file=incoming.file,
        entry=None,
        name=incoming.name,
        modified_at=incoming.modified_at,
        reason=reason,
    )


def _is_litter(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_LITTER[0]) or lower.rpartition("/")[2].startswith((".", *_LITTER[1:]))


def _moment(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    """Zip knows local times without a zone."""
    try:
        return datetime(*info.date_time, tzinfo=zone)
    except (ValueError, TypeError):
        return None


def _directory_bytes(opened: IO[bytes], size: int) -> int:
    """How long the table of contents says it is, before it is read into memory."""
    opened.seek(max(0, size - _ENDS_WITHIN))
    tail = opened.read(_ENDS_WITHIN)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0:
        raise zipfile.BadZipFile
    length: int = struct.unpack_from("<I", tail, end + 12)[0]
    locator = end - 20
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        opened.seek(struct.unpack_from("<Q", tail, locator + 8)[0])
        record = opened.read(56)
        length = max(length if length != 0xFFFFFFFF else 0, struct.unpack_from("<Q", record, 40)[0])
    opened.seek(0, io.SEEK_SET)
    return length
