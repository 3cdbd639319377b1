"""An engine that takes time and nothing else, and writes down when it had something to do.

Sleeping is what a CPU does while a GPU draws: the interpreter's lock is free and the cores are
idle. So whatever happens between two pictures is the worker's doing.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from generation.engines.base import (
    DeviceMemory,
    EngineFacts,
    EngineResult,
    EngineSetup,
    ImageSpec,
    ModelRef,
    OnProgress,
    Phase,
    PhaseSeconds,
    Progress,
    ignore_progress,
)

DECODING_SHARE = 0.05
"""Of a picture's seconds, how many come after the last step."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """One picture: which process drew it, its seed, when it began and ended (monotonic clock)."""

    process: int
    seed: int
    began: float
    ended: float


class SleepingEngine:
    """Returns one and the same picture of `side` pixels after `seconds`, with all the usual steps.

    Every picture adds a line to the file `stamps`.
    """

    name = "sleeping"

    def __init__(self, *, seconds: float, side: int, stamps: str) -> None:
        self._seconds = seconds
        self._picture = noisy_picture(side)
        self._model: ModelRef | None = None
        self._stamps = os.open(stamps, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    @property
    def resident(self) -> ModelRef | None:
        """The model that was asked for last."""
        return self._model

    def memory(self) -> DeviceMemory | None:
        """There is no GPU."""
        return None

    def setup(self) -> EngineSetup | None:
        """No canary is drawn of a picture that is always the same."""
        return None

    def load(self, model: ModelRef, on_progress: OnProgress = ignore_progress) -> None:
        """Nothing to load."""
        self._model = model

    def check(self, spec: ImageSpec) -> None:
        """Everything can be slept through."""

    def unload(self) -> None:
        """Nothing to unload."""
        self._model = None

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        """Sleep, and report as the real model does."""
        began = time.monotonic()
        on_progress(Progress(Phase.ENCODING, 0, 1))
        denoising = self._seconds * (1 - DECODING_SHARE)
        for step in range(spec.steps):
            on_progress(Progress(Phase.DENOISING, step, spec.steps))
            _sleep_until(began + denoising * (step + 1) / spec.steps)
        on_progress(Progress(Phase.DENOISING, spec.steps, spec.steps))
        on_progress(Progress(Phase.DECODING, 0, 1))
        _sleep_until(began + self._seconds)
        result = EngineResult(picture=self._picture.copy(), facts=self._facts())
        ended = time.monotonic()
        os.write(self._stamps, f"{os.getpid()} {spec.seed} {began} {ended}\n".encode())
        return result

    def _facts(self) -> EngineFacts:
        size = self._picture.size
        denoise = self._seconds * (1 - DECODING_SHARE)
        return EngineFacts(
            engine=self.name,
            engine_version="1",
            libraries={},
            device="none",
            device_name="none",
            driver="",
            dtype="",
            load_mode="none",
            vram_tier=None,
            peak_vram_bytes=None,
            weight_hashes={},
            seconds=PhaseSeconds(load=0, encode=0, denoise=denoise, decode=self._seconds - denoise),
            asked_size=size,
            made_size=size,
            size_reason=None,
            is_preview=True,
        )


def noisy_picture(side: int) -> Image.Image:
    """Soft colours with the grain of a photograph: neither easy nor impossible to pack."""
    y, x = np.mgrid[0:side, 0:side]
    waves = [
        127 + 100 * np.sin(x / 90 + y / 70),
        127 + 90 * np.cos(y / 50),
        127 + 80 * np.sin((x + y) / 120),
    ]
    grain = np.random.default_rng(1).normal(0, 4, (side, side, 3))
    return Image.fromarray(np.clip(np.stack(waves, -1) + grain, 0, 255).astype(np.uint8))


def read_stamps(path: Path) -> list[Stamp]:
    """Everything that engines wrote into the file, in the order of the beginnings."""
    if not path.exists():
        return []
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    stamps = [Stamp(int(pid), int(seed), float(a), float(b)) for pid, seed, a, b in rows]
    return sorted(stamps, key=lambda stamp: stamp.began)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
