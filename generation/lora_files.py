"""LoRA files below the operator's directory: which there are, and what is in them. Pure.

Only safetensors: the other format is pickle, which runs code when it is read. Only files that lie
in the directory, symbolic links followed: a name typed into a page must not reach the rest of the
disk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".safetensors"
MOST_LISTED = 500
# The header of safetensors says how long it is; a real one is far below this.
LONGEST_HEADER = 100_000_000


class LoraFileRefused(ValueError):
    """The file cannot be registered; `reason` is `outside`, `missing`, `kind` or `damaged`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LoraFile:
    """A file that was looked at. `path` is relative to the directory, with `/`; `size` in bytes."""

    path: str
    sha256: str
    size: int


def list_files(root: Path) -> list[str]:
    """The paths of the LoRA files in the directory, by name; the first 500 of very many."""
    if not root.is_dir():
        return []
    return sorted(_found(root))[:MOST_LISTED]


def measure(root: Path, path: str) -> LoraFile:
    """Read a file of the directory once: its size and SHA-256.

    Raises:
        LoraFileRefused: it is not in the directory, not there, or not a safetensors file.
    """
    if not path.endswith(SUFFIX):
        raise LoraFileRefused("kind")
    base = root.resolve()
    try:
        file = (base / path).resolve(strict=True)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise LoraFileRefused("missing") from error
    if not file.is_relative_to(base):
        raise LoraFileRefused("outside")
    if not file.is_file():
        raise LoraFileRefused("missing")
    try:
        with file.open("rb") as opened:
            _check_header(opened.read(8), opened.read(1 << 20), file.stat().st_size)
            opened.seek(0)
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise LoraFileRefused("missing") from error
    return LoraFile(Path(path).as_posix(), digest, file.stat().st_size)


def _check_header(length: bytes, beginning: bytes, size: int) -> None:
    """A safetensors file begins with the length of a JSON object, and that object."""
    header = int.from_bytes(length, "little") if len(length) == 8 else 0
    if not 2 <= header <= min(LONGEST_HEADER, size - 8):
        raise LoraFileRefused("damaged")
    if header <= len(beginning):
        try:
            parsed = json.loads(beginning[:header])
        except ValueError as error:
            raise LoraFileRefused("damaged") from error
        if not isinstance(parsed, dict):
            raise LoraFileRefused("damaged")
    elif not beginning.startswith(b"{"):
        raise LoraFileRefused("damaged")


def _found(root: Path) -> Iterator[str]:
    base = root.resolve()
    for file in root.rglob(f"*{SUFFIX}"):
        if file.is_file() and file.resolve().is_relative_to(base):
            yield file.relative_to(root).as_posix()
