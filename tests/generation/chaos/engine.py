"""An engine that raises, hangs, runs out of memory and loses its GPU, now and then."""

from __future__ import annotations

import os
import random
import time

from generation.engines.base import (
    EngineFailure,
    EngineResult,
    GpuFault,
    ImageSpec,
    OnProgress,
    OutOfMemory,
    ignore_progress,
)
from generation.engines.preview.engine import PreviewEngine

SECONDS = 0.15  # a picture of four steps


class ChaosEngine(PreviewEngine):
    """The preview engine with faults: about one picture in twelve."""

    def __init__(self, *, seed: int) -> None:
        super().__init__(step_seconds=SECONDS / 4)
        self._dice = random.Random(f"{seed}/{os.getpid()}")

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        fate = self._dice.random()
        if fate < 0.01:
            time.sleep(3600)  # hangs; only its process's end helps
        if fate < 0.03:
            raise EngineFailure("It broke.")
        if fate < 0.06:
            raise OutOfMemory("Too large today.")
        if fate < 0.07:
            raise GpuFault("The GPU fell off the bus.")
        return super().generate(spec, on_progress=on_progress)
