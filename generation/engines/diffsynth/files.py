"""The files of a model on disk: where they are, whether all are there, and what they hash to.

The layout is that of the Tongyi-MAI/Z-Image-Turbo repository: `transformer/`, `text_encoder/`
and `vae/` with safetensors files, `tokenizer/` with a fast tokenizer. Nothing is downloaded and
no other weight format is read: a pickle can run code.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generation.engines.base import ModelRef, ModelUnavailable

PARTS = {
    "transformer": "the image transformer",
    "text_encoder": "the text encoder",
    "vae": "the image decoder (VAE)",
}
CHUNK_BYTES = 1 << 24


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The weight files of each part, in the order in which they are loaded, and the tokenizer."""

    directory: Path
    parts: tuple[tuple[Path, ...], ...]
    tokenizer: Path

    def weights(self) -> Iterator[Path]:
        for part in self.parts:
            yield from part


def find_model(root: Path, model: ModelRef) -> ModelFiles:
    """The files of `model`: `root` itself, or the folder below it that is called like the model.

    Raises `ModelUnavailable` that says which part is missing.
    """
    directory = _directory(root, model)
    parts = tuple(_weights_of(directory, part, title) for part, title in PARTS.items())
    tokenizer = directory / "tokenizer"
    if not (tokenizer / "tokenizer.json").is_file() and not (tokenizer / "vocab.json").is_file():
        raise ModelUnavailable(
            "The model is incomplete: its tokenizer is missing.",
            detail=f"no tokenizer in {tokenizer}",
        )
    return ModelFiles(directory, parts, tokenizer)


def _directory(root: Path, model: ModelRef) -> Path:
    if (root / "transformer").is_dir():
        return root
    steps = Path(model.name).parts
    named = root.joinpath(*steps)
    if steps and not Path(model.name).is_absolute() and ".." not in steps and named.is_dir():
        return named
    raise ModelUnavailable(
        f"The model {model.name} is not on this machine.", detail=f"looked in {root} and {named}"
    )


def _weights_of(directory: Path, part: str, title: str) -> tuple[Path, ...]:
    files = tuple(sorted(path for path in directory.glob(f"{part}/*.safetensors")))
    if not files:
        raise ModelUnavailable(
            f"The model is incomplete: {title} is missing.",
            detail=f"no .safetensors file in {directory / part}",
        )
    for file in files:
        if not file.is_file():
            raise ModelUnavailable(
                f"The model is incomplete: a file of {title} cannot be read.",
                detail=f"not a file: {file}",
            )
    return files


_known_hashes: dict[tuple[str, int, int], str] = {}


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal; read once per path, size and time of change."""
    state = file.stat()
    key = str(file), state.st_size, state.st_mtime_ns
    if key not in _known_hashes:
        digest = hashlib.sha256()
        with file.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
        _known_hashes[key] = digest.hexdigest()
    return _known_hashes[key]
