"""Weight files below the directories an operator has named: where they are, what they hash to.

Nothing is followed out of these directories, by no name and by no link, and only safetensors
files count: any other format may be a pickle, and a pickle can run code.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".safetensors"
CHUNK_BYTES = 1 << 24


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
class LoraFile:
    """A LoRA on disk; `path` is relative to its root, with slashes, as `LoraRef.path` takes it."""

    path: str
    sha256: str
    bytes: int


def list_loras(root: Path) -> Iterator[LoraFile]:
    """Every LoRA below `root`, ordered by path; each is read once to be hashed.

    Files that cannot be read, hidden ones and links that lead out of `root` are left out.
    """
    for file in sorted(root.rglob(f"*{SUFFIX}")):
        relative = file.relative_to(root)
        if any(step.startswith(".") for step in relative.parts):
            continue
        if not file.is_file() or not is_inside(file, [root]):
            continue
        try:
            sha256, size = sha256_of(file), file.stat().st_size
        except OSError:
            continue
        yield LoraFile(relative.as_posix(), sha256, size)
