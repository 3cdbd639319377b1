"""Z-Image through DiffSynth-Studio: see `engine.DiffSynthEngine`.

Importing this package imports neither torch nor diffsynth; `DiffSynthEngine.load` does.
"""

from generation.engines.diffsynth.engine import DiffSynthEngine

__all__ = ["DiffSynthEngine"]
