"""The files of a model on disk: where each part lies, and whether all are there.

A root is the directory of one model, or of several by name. A part that a model shares with
another (`families`) may lie in the folder of either; its own comes first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generation.engines.base import ModelRef, ModelUnavailable
from generation.engines.families import Z_IMAGE_TURBO, Part, family_of, parts_of
from generation.engines.weight_files import below, is_inside, sha256_of

TOKENIZER = "tokenizer"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The weight files of each part by folder, in the order of loading, and the tokenizer."""

    directory: Path
    parts: Mapping[str, tuple[Path, ...]]
    tokenizer: Path

    def weights(self) -> Iterator[tuple[str, Path]]:
        """Every weight file, with `part/file`, by which it is known wherever the part lies."""
        for folder, files in self.parts.items():
            for file in files:
                yield f"{folder}/{file.name}", file

    def tokenizer_hashes(self) -> dict[str, str]:
        """SHA-256 of each file of the tokenizer; they are small."""
        files = sorted(file for file in self.tokenizer.iterdir() if file.is_file())
        return {file.name: sha256_of(file) for file in files}


def find_model(roots: Sequence[Path], model: ModelRef) -> ModelFiles:
    """The files of `model` below the given roots.

    Raises `ModelUnavailable` that says which part is missing, or that one lies outside the roots.
    """
    directory = directory_of(roots, model.name)
    if directory is None:
        raise ModelUnavailable(
            f"The model {model.name} is not on this machine.",
            detail=f"looked in {', '.join(map(str, roots)) or 'no directory at all'}",
        )
    parts: dict[str, tuple[Path, ...]] = {}
    for part in parts_of(model.name):
        parts[part.folder] = _files_of(part, directory, roots)
    tokenizer = parts.pop(TOKENIZER)[0].parent
    return ModelFiles(directory, parts, tokenizer)


def directory_of(roots: Sequence[Path], name: str) -> Path | None:
    """Where a model lies, complete or not; of several directories the first with a transformer.

    `None` when nothing below the roots is called so.
    """
    named = [folder for folder in _called(roots, name) if folder.is_dir()]
    named = [folder for folder in named if is_inside(folder, roots)]
    if named:
        return next((folder for folder in named if _is_model(folder)), named[0])
    # A root that is itself a model and called after no family may hold whatever the operator put
    # there. It never stands for another member of the line: the shapes of their weights are the
    # same, so nothing would fail, and pictures would be recorded under the wrong model.
    nameless = [root for root in roots if _is_model(root) and family_of(root.name) is None]
    if len(nameless) == 1 and family_of(name) in {None, Z_IMAGE_TURBO}:
        return nameless[0]
    return None


def _called(roots: Sequence[Path], name: str) -> Iterator[Path]:
    """Where a model of that name would lie: below a root, or as a root that is called so."""
    family = family_of(name)
    names = [name] if family is None else [name, family.repository, family.name]
    for root in roots:
        for candidate in dict.fromkeys(names):
            if (folder := below(root, candidate)) is not None:
                yield folder
        if _is_model(root) and _same_name(root.name, name):
            yield root


def _same_name(folder: str, name: str) -> bool:
    family = family_of(name)
    if family is not None:
        return family_of(folder) is family
    return folder == Path(name).name


def _is_model(folder: Path) -> bool:
    return (folder / "transformer").is_dir()


def _files_of(part: Part, directory: Path, roots: Sequence[Path]) -> tuple[Path, ...]:
    looked = [directory / part.folder]
    shared = directory_of(roots, part.shared_with) if part.shared_with else None
    if shared is not None and shared != directory:
        looked.append(shared / part.folder)
    for folder in looked:
        if found := _matching(folder, part.patterns):
            return _checked(found, part, roots)
    places = " or ".join(map(str, looked))
    raise ModelUnavailable(
        f"The model is incomplete: {part.title} is missing.",
        detail=f"no {' or '.join(part.patterns)} in {places}",
    )


def _matching(folder: Path, patterns: Iterable[str]) -> tuple[Path, ...]:
    return tuple(sorted(file for pattern in patterns for file in folder.glob(pattern)))


def _checked(files: tuple[Path, ...], part: Part, roots: Sequence[Path]) -> tuple[Path, ...]:
    for file in files:
        if not file.is_file():
            raise ModelUnavailable(
                f"The model is incomplete: a file of {part.title} cannot be read.",
                detail=f"not a file: {file}",
            )
    everything = files if part.folder != TOKENIZER else tuple(files[0].parent.iterdir())
    for file in everything:
        if not is_inside(file, roots):
            raise ModelUnavailable(
                f"A file of {part.title} lies outside the model directories.",
                detail=f"{file} leads to {file.resolve()}",
            )
    return files
