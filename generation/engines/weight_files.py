"""Weight files below the directories an operator has named: where they are, what they hash to.

Nothing is followed out of these directories, by no name and by no link, and only safetensors
files count: any other format may be a pickle, and a pickle can run code.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".safetensors"
CHUNK_BYTES = 1 << 24
LONGEST_HEADER = 1 << 25
"""Bytes of a safetensors header that are read at most; a LoRA has some hundred thousand."""


def roots_of(setting: str | os.PathLike[str]) -> tuple[Path, ...]:
    """The directories a setting names: one, or as text several with `os.pathsep` between them."""
    if isinstance(setting, str):
        return tuple(Path(name) for name in setting.split(os.pathsep) if name)
    return (Path(setting),)


def is_inside(path: Path, roots: Iterable[Path]) -> bool:
    """Whether what `path` leads to, links followed, lies in one of the directories."""
    real = path.resolve()
    return any(real.is_relative_to(root.resolve()) for root in roots)


def below(root: Path, name: str) -> Path | None:
    """`root / name`, or `None` for a name that is empty, absolute or climbs out."""
    steps = Path(name).parts
    if not steps or ".." in steps or Path(name).is_absolute():
        return None
    return root.joinpath(*steps)


_known_hashes: dict[tuple[str, int, int], str] = {}


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal; read once per path, size and time of change.

    Names that lead to the same file share its hash. Raises `OSError`.
    """
    real = file.resolve()
    state = real.stat()
    key = str(real), state.st_size, state.st_mtime_ns
    if key not in _known_hashes:
        digest = hashlib.sha256()
        with real.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
        _known_hashes[key] = digest.hexdigest()
    return _known_hashes[key]


@dataclass(frozen=True, slots=True)
class FoundLora:
    """A LoRA on disk that nobody has read; `modified_ns` is when it last changed.

    `path` is relative to its root, with slashes, as `LoraRef.path` takes it.
    """

    path: str
    bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class LoraFile:
    """A LoRA on disk; `path` is relative to its root, with slashes, as `LoraRef.path` takes it."""

    path: str
    sha256: str
    bytes: int


def find_loras(root: Path) -> Iterator[FoundLora]:
    """Every LoRA below `root`, ordered by path; none is read.

    Hidden files and links that lead out of `root` are left out.
    """
    for file in sorted(root.rglob(f"*{SUFFIX}")):
        relative = file.relative_to(root)
        if any(step.startswith(".") for step in relative.parts):
            continue
        try:
            if not file.is_file() or not is_inside(file, [root]):
                continue
            state = file.stat()
        except (OSError, RuntimeError):  # gone meanwhile, or links in a circle
            continue
        yield FoundLora(relative.as_posix(), state.st_size, state.st_mtime_ns)


def list_loras(root: Path) -> Iterator[LoraFile]:
    """Every LoRA that `find_loras` finds and that can be read; each is read once to be hashed."""
    for found in find_loras(root):
        try:
            sha256 = sha256_of(root / found.path)
        except OSError:
            continue
        yield LoraFile(found.path, sha256, found.bytes)


def notes_in(file: Path) -> dict[str, str]:
    """What the maker of a safetensors file has written into its header, by name.

    Empty for a file without notes, and for anything that is no such file.
    """
    try:
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if length > LONGEST_HEADER:
                return {}
            header = json.loads(stream.read(length))
    except (OSError, ValueError, RecursionError):
        return {}
    notes = header.get("__metadata__") if isinstance(header, dict) else None
    if not isinstance(notes, dict):
        return {}
    return {name: text for name, text in notes.items() if isinstance(text, str)}
