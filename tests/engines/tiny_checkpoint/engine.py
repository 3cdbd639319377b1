"""The real engine on tiny files, importable by dotted path from settings."""

from generation.engines.diffsynth import DiffSynthEngine
from generation.engines.model_files import ModelFiles
from tests.engines.tiny_checkpoint.registering import register


class TinyDiffSynthEngine(DiffSynthEngine):
    """`DiffSynthEngine`, unchanged but for the tiny shapes it makes known before it loads."""

    @staticmethod
    def prepare_libraries(files: ModelFiles) -> None:
        checkpoints = {part[0].parents[1] for part in files.parts.values()}
        for directory in sorted(checkpoints):
            register(directory)
