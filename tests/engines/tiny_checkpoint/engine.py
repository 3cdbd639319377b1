"""The real engine on tiny files, importable by dotted path from settings."""

from pathlib import Path

from generation.engines.diffsynth import DiffSynthEngine
from tests.engines.tiny_checkpoint.registering import register


class TinyDiffSynthEngine(DiffSynthEngine):
    """`DiffSynthEngine`, unchanged but for the tiny shapes it makes known before it loads."""

    def prepare_libraries(self, directory: Path) -> None:
        register(directory)
