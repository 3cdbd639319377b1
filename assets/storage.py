"""The archive's files: content-addressed, written once, read back by path.

A path is `<organization>/<project>/<aa>/<sha256>.<extension>`, where `aa` is the beginning of the
hash; renditions lie beside their original as `<sha256>-<kind>.<extension>`. Paths are only ever put
together here from checked parts, and every function checks the whole again, so that no text from
outside can name a file outside the archive.

The bytes go through Django's storage alias `archive`: local files or S3, as the settings say.
"""

import errno
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

logger = logging.getLogger(__name__)

EXTENSIONS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
"""Picture format to file extension, for every format the archive holds."""

PART_SUFFIX = ".part"
"""Ends the name of a local file that is being written, or that a killed writer left behind."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_HASH = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z][a-z0-9]{0,31}")
_PATH = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9-]{0,63}/[A-Za-z0-9][A-Za-z0-9-]{0,63}"
    r"/(?P<aa>[0-9a-f]{2})/(?P<sha256>(?P=aa)[0-9a-f]{62})"
    r"(?P<rendition>-[a-z][a-z0-9]{0,31})?\.(?:png|jpg|webp)"
)
_PIECE = 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class StorageError(Exception):
    """The archive could not keep or return a file."""


class StorageFull(StorageError):
    """No room is left for the file. Nothing was written."""


class FileMissing(StorageError):
    """No file lies at the path."""


class PathRefused(StorageError, ValueError):
    """The text is not a path of this archive."""


def archive_storage() -> Storage:
    """The storage that the settings name `archive`."""
    return storages["archive"]


def sha256_of(data: bytes) -> str:
    """The SHA-256 of `data`: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def original_path(
    *,
    organization_id: int | str | UUID,
    project_id: int | str | UUID,
    sha256: str,
    extension: str,
) -> str:
    """Where the original with this hash lies. Raises `PathRefused` for a part that is not one."""
    organization, project = str(organization_id), str(project_id)
    if not (
        _KEY.fullmatch(organization)
        and _KEY.fullmatch(project)
        and _HASH.fullmatch(sha256)
        and extension in EXTENSIONS.values()
    ):
        raise PathRefused(f"no path for {organization!r}, {project!r}, {sha256!r}, {extension!r}")
    return f"{organization}/{project}/{sha256[:2]}/{sha256}.{extension}"


def rendition_path(original: str, kind: str, extension: str = "webp") -> str:
    """Where the rendition `kind` of the original at the path `original` lies."""
    found = _match(original)
    if found["rendition"] or not _KIND.fullmatch(kind) or extension not in EXTENSIONS.values():
        raise PathRefused(f"no rendition {kind!r} as {extension!r} of {original!r}")
    return f"{original.rpartition('.')[0]}-{kind}.{extension}"


def write_once(path: str, data: bytes) -> None:
    """Keep `data` at `path`; when the same bytes are there already, do nothing.

    The name of an original is its hash, so other bytes under that name can only be damaged, and
    are replaced. Local files appear whole or not at all, and are on the disk when this returns.
    Raises `StorageFull` when there is no room, `PathRefused` when an original's path is not the
    hash of `data`, `StorageError` when the storage fails in another way.
    """
    found = _match(path)
    if not found["rendition"] and found["sha256"] != sha256_of(data):
        raise PathRefused(f"{path} is not the hash of its content")
    storage = archive_storage()
    try:
        if _holds(storage, path, data):
            return
        if isinstance(storage, FileSystemStorage):
            _write_local(storage, path, data)
        else:
            _write_remote(storage, path, data)
    except Exception as error:
        # Every storage has exceptions of its own; callers only need to know these two.
        if isinstance(error, OSError) and error.errno in _FULL:
            raise StorageFull(
                f"The archive has no room for {len(data)} more bytes. "
                "Free some space, then try again."
            ) from error
        raise StorageError(f"{path} could not be written: {error}") from error


def read(path: str) -> bytes:
    """The bytes at `path`. Raises `FileMissing`."""
    with open_file(path) as file:
        data: bytes = file.read()
        return data


def open_file(path: str) -> IO[Any]:
    """The file at `path`, open for reading bytes; the caller closes it. Raises `FileMissing`."""
    _match(path)
    try:
        return archive_storage().open(path, "rb")
    except FileNotFoundError as error:
        raise FileMissing(f"{path} is not in the archive") from error


def size_of(path: str) -> int:
    """How many bytes the file at `path` has. Raises `FileMissing`."""
    _match(path)
    storage = archive_storage()
    try:
        if storage.exists(path):
            return storage.size(path)
    except FileNotFoundError:
        pass  # it went in between
    raise FileMissing(f"{path} is not in the archive")


def hash_of(path: str) -> str:
    """The SHA-256 of the file at `path`, read piece by piece. Raises `FileMissing`."""
    with open_file(path) as file:
        digest = hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        return digest.hexdigest()


def paths_below(folder: str = "") -> Iterator[list[str]]:
    """Every file of the archive, or of a folder in it, one directory at a time, in order.

    Names that are no paths of the archive are among them. A folder that is not there has no files.
    """
    storage = archive_storage()
    try:
        folders, files = storage.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    if files:
        yield [f"{folder}/{name}" if folder else name for name in sorted(files) if name]
    for name in sorted(folders):
        yield from paths_below(f"{folder}/{name}" if folder else name)


def is_path(path: str) -> bool:
    """Whether the text is a path of the archive."""
    return _PATH.fullmatch(path) is not None


def delete_quietly(path: str) -> bool:
    """Remove the file at `path` if it is there, and what a killed writer left of it.

    A failure is logged, never raised; returns whether nothing is left.
    """
    _match(path)
    storage = archive_storage()
    try:
        storage.delete(path)
        if isinstance(storage, FileSystemStorage):
            target = Path(storage.path(path))
            for part in target.parent.glob(f".{target.name}.*{PART_SUFFIX}"):
                part.unlink(missing_ok=True)
    except Exception:
        logger.warning("Could not delete %s from the archive", path, exc_info=True)
        return False
    return True


def _match(path: str) -> re.Match[str]:
    found = _PATH.fullmatch(path)
    if found is None:
        raise PathRefused(f"{path!r} is not a path of the archive")
    return found


def _holds(storage: Storage, path: str, data: bytes) -> bool:
    try:
        if not storage.exists(path) or storage.size(path) != len(data):
            return False
        with storage.open(path, "rb") as file:
            return bool(file.read() == data)
    except FileNotFoundError:
        return False


def _write_remote(storage: Storage, path: str, data: bytes) -> None:
    if storage.exists(path):
        storage.delete(path)
    kept = storage.save(path, ContentFile(data))
    if kept != path:
        # Another writer was faster and the storage chose a free name: both hold the same bytes.
        storage.delete(kept)


def _write_local(storage: FileSystemStorage, path: str, data: bytes) -> None:
    target = Path(storage.path(path))
    _make_directory(target.parent, storage.directory_permissions_mode)
    handle, name = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name}.", suffix=PART_SUFFIX
    )
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(
            0o644 if storage.file_permissions_mode is None else storage.file_permissions_mode
        )
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)


def _make_directory(directory: Path, mode: int | None) -> None:
    """Create `directory` with its parents, each with `mode` where one is set, each on the disk."""
    if directory.is_dir():
        return
    _make_directory(directory.parent, mode)
    try:
        directory.mkdir()
    except FileExistsError:
        return
    if mode is not None:
        directory.chmod(mode)
    _sync_directory(directory.parent)


def _sync_directory(directory: Path) -> None:
    """Make a new name in `directory` survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
