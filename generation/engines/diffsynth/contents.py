"""What a model consists of, told by the hashes of its files: which models share what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from generation.engines.base import ModelRef, OnProgress, Phase, Progress
from generation.engines.diffsynth.faults import mapped
from generation.engines.model_files import ModelFiles, find_model
from generation.engines.weight_files import sha256_of


@dataclass(frozen=True, slots=True)
class Contents:
    """A model as files, hashes and bytes: everything about it that takes no memory.

    Hashes and sizes are by `part/file`.
    """

    model: ModelRef
    files: ModelFiles
    weight_hashes: dict[str, str]
    sizes: dict[str, int]
    tokenizer_hashes: dict[str, str]

    @property
    def reader(self) -> tuple[object, ...]:
        """What words go through on their way to the transformer, and nothing else."""
        return self.hashes_of("text_encoder"), tuple(sorted(self.tokenizer_hashes.items()))

    def differs_in_transformer_only(self, other: "Contents") -> bool:
        """Whether exchanging the exchangeable parts makes one out of the other."""
        return self.reader == other.reader and self.hashes_of("vae") == other.hashes_of("vae")

    def is_the_same_as(self, other: "Contents") -> bool:
        """Whether both are made of the same files, whatever they are called."""
        return (
            self.files.parts.keys() == other.files.parts.keys()
            and all(self.hashes_of(part) == other.hashes_of(part) for part in self.files.parts)
            and self.tokenizer_hashes == other.tokenizer_hashes
        )

    def bytes_of(self, parts: Collection[str]) -> int:
        """The size of the weight files of these parts."""
        return sum(size for name, size in self.sizes.items() if name.partition("/")[0] in parts)

    def hashes_of(self, part: str) -> tuple[str, ...]:
        """The hashes of a part's files, in the order of their names."""
        names = sorted(self.weight_hashes)
        return tuple(self.weight_hashes[name] for name in names if name.startswith(f"{part}/"))


def identify(roots: Sequence[Path], model: ModelRef, on_progress: OnProgress) -> Contents:
    """Find the files of a model and hash them, which also warms the disk cache for loading.

    Raises `EngineError`, and whatever `on_progress` raises.
    """
    files = mapped(find_model, roots, model)
    weights = list(files.weights())
    hashes, sizes = {}, {}
    for index, (name, file) in enumerate(weights):
        on_progress(Progress(Phase.LOADING, index, len(weights)))
        hashes[name] = mapped(sha256_of, file)
        sizes[name] = mapped(file.stat).st_size
    on_progress(Progress(Phase.LOADING, len(weights), len(weights)))
    return Contents(model, files, hashes, sizes, mapped(files.tokenizer_hashes))
