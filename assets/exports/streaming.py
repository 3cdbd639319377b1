"""A zip that is written while it is sent: one picture in memory at a time, nothing on the disk.

What is missing is named in the list at the end and does not stop the rest. The list is kept in a
temporary file until then, so that memory stays flat however many pictures there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import Final

from zipstream import ZIP_DEFLATED, ZIP_STORED, ZipStream

from assets import storage
from assets.exports.converting import NotConvertible, OpenedFile, open_as
from assets.exports.manifest import CsvList, Entry, JsonList
from assets.exports.options import ExportOptions
from assets.queries.exported import Exported
from assets.types import ItemState

CHUNK: Final = 64 * 1024

EXPORTED: Final = "exported"
NOT_THERE: Final = "not_visible"
IN_TRASH: Final = "in_trash"
MISSING: Final = "file_missing"
UNREADABLE: Final = "file_unreadable"
ALTERED: Final = "exported_but_altered"


def zip_of(pictures: Iterable[Exported], options: ExportOptions) -> Iterator[bytes]:
    """The pictures and their list as one zip, piece by piece."""
    # Pictures are packed already; what the list saves is worth packing.
    archive = ZipStream(compress_type=ZIP_STORED)
    with ExitStack() as stack:
        forms: list[CsvList | JsonList] = [CsvList()]
        if options.with_json:
            forms.append(JsonList())
        lists = [_Beside(form, stack) for form in forms]
        for picture in pictures:
            entry = yield from _added(archive, picture, options)
            for each in lists:
                each.add(entry)
        for each in lists:
            size = each.finish()
            archive.add(each.chunks(), each.name, size=size, compress_type=ZIP_DEFLATED)
            yield from archive.file()
        yield from archive.footer()


def zip_of_files(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Files that are made one after the other as one zip, piece by piece."""
    archive = ZipStream(compress_type=ZIP_STORED)
    for name, data in files:
        archive.add(data, name)
        yield from archive.file()
    yield from archive.footer()


def _added(
    archive: ZipStream, picture: Exported, options: ExportOptions
) -> Generator[bytes, None, Entry]:
    """Send one picture; return its line of the list."""
    state, opened = _open(picture, options)
    digest = ""
    if opened is not None:
        hashing = _Hashing(opened.chunks)
        archive.add(hashing, picture.item.name, size=opened.size)
        yield from archive.file()
        digest = hashing.hexdigest()
        if options.file.as_archived and picture.image and digest != picture.image.sha256:
            state = ALTERED
    return Entry(
        file=picture.item.name if opened is not None else "",
        state=state,
        image=picture.image,
        sha256=digest,
        tags=picture.tags,
        collections=picture.collections,
    )


def _open(picture: Exported, options: ExportOptions) -> tuple[str, OpenedFile | None]:
    image = picture.image
    if image is None:
        return NOT_THERE, None
    if image.trashed_at is not None:
        return IN_TRASH, None
    if picture.item.state != ItemState.DONE:
        return picture.item.reason or NOT_THERE, None
    try:
        return EXPORTED, open_as(image, options.file)
    except NotConvertible:
        return UNREADABLE, None
    except storage.StorageError:
        return MISSING, None


class _Hashing:
    """Passes pieces on and knows their SHA-256."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._sum = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._sum.update(chunk)
            yield chunk

    def hexdigest(self) -> str:
        return self._sum.hexdigest()


class _Beside:
    """A list that grows while pictures are sent, and is sent after them."""

    def __init__(self, form: CsvList | JsonList, stack: ExitStack) -> None:
        self._form = form
        self._file = stack.enter_context(SpooledTemporaryFile(CHUNK))  # noqa: SIM115  # it does
        self._file.write(form.head)
        self._is_empty = True

    @property
    def name(self) -> str:
        return self._form.name

    def add(self, entry: Entry) -> None:
        self._file.write(self._form.line(entry, is_first=self._is_empty))
        self._is_empty = False

    def finish(self) -> int:
        """End it; return its length in bytes."""
        self._file.write(self._form.tail)
        size = self._file.tell()
        self._file.seek(0)
        return size

    def chunks(self) -> Iterator[bytes]:
        while chunk := self._file.read(CHUNK):
            yield chunk
