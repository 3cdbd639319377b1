"""`PreviewEngine`: pictures without a model, for trying the portal out on any machine."""

import math
import platform
import time
from importlib.metadata import version

import numpy as np
import PIL
from PIL import Image

from generation.engines.base import (
    DeviceMemory,
    EngineFacts,
    EngineResult,
    EngineSetup,
    ImageSpec,
    Loaded,
    ModelRef,
    OnProgress,
    Phase,
    PhaseSeconds,
    Progress,
    ignore_progress,
)
from generation.engines.checking import check_spec, prepare_input_image
from generation.engines.preview.composing import compose
from generation.engines.preview.finishing import develop, mark
from generation.engines.preview.reading import read

ENGINE_VERSION = "1"
"""Raised whenever the same spec would give other pixels."""

DTYPE = "float32"
LOAD_MODE = "none"

PAINTED_AREA = 1536 * 1536
"""Pixels painted at most; larger pictures are painted at this size and enlarged."""

EDIT_SHARE = 0.6
"""How much of an image to edit is painted over."""


class PreviewEngine:
    """Abstract pictures whose colours and composition follow the words and the seed.

    `step_seconds` lets every step take that long, so that a person sees it happen. Nothing about
    a preview comes from a model, and it says so: a mark in the corner, `is_preview` in the facts.

    `simulated_vram_gb` (GiB) makes `memory` report a card of that size, all of it free, so that
    what depends on the size of a card can be tried without one. Nothing else knows of it: no
    memory is used or missing, and the facts name the CPU that painted.
    """

    name = "preview"

    def __init__(
        self, *, step_seconds: float = 0.0, simulated_vram_gb: float | None = None
    ) -> None:
        if simulated_vram_gb is not None and simulated_vram_gb <= 0:
            raise ValueError(f"simulated_vram_gb must be above 0, not {simulated_vram_gb}")
        self._step_seconds = step_seconds
        self._simulated_vram_gb = simulated_vram_gb
        self._model: ModelRef | None = None

    @property
    def resident(self) -> ModelRef | None:
        return self._model

    def setup(self) -> EngineSetup | None:
        if self._model is None:
            return None
        return EngineSetup(
            engine=self.name,
            engine_version=ENGINE_VERSION,
            libraries=_libraries(),
            device_name=_processor(),
            driver="",
            dtype=DTYPE,
            load_mode=LOAD_MODE,
            weight_hashes={},
        )

    def memory(self) -> DeviceMemory | None:
        if self._simulated_vram_gb is None:
            return None
        size = int(self._simulated_vram_gb * 2**30)
        return DeviceMemory(
            device_uuid="simulated",
            name=f"Simulated GPU ({self._simulated_vram_gb:g} GiB)",
            free_bytes=size,
            total_bytes=size,
            held_bytes=0,
        )

    def load(self, model: ModelRef, on_progress: OnProgress = ignore_progress) -> None:
        self._load(model, on_progress)

    def _load(self, model: ModelRef, on_progress: OnProgress) -> Loaded:
        if model == self._model:
            return Loaded.NOTHING
        on_progress(Progress(Phase.LOADING, 0, 1))
        self._model = model
        return Loaded.EVERYTHING

    def unload(self) -> None:
        self._model = None

    def check(self, spec: ImageSpec) -> None:
        check_spec(spec)

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        self.check(spec)
        started = time.perf_counter()
        brought = self._load(spec.model, on_progress)
        loaded = time.perf_counter()
        on_progress(Progress(Phase.ENCODING, 0, 1))
        reading = read(spec.prompt, spec.negative_prompt)
        # More guidance means more literal, and here that means more colourful.
        reading.chroma *= 1 + 0.02 * (min(spec.cfg, 12.0) - 1)
        encoded = time.perf_counter()
        self._wait_for_steps(spec.steps, on_progress)
        shrink = min(1.0, math.sqrt(PAINTED_AREA / (spec.width * spec.height)))
        canvas = compose(
            reading,
            spec.prompt,
            spec.seed,
            max(round(spec.width * shrink), 16),
            max(round(spec.height * shrink), 16),
        )
        denoised = time.perf_counter()
        on_progress(Progress(Phase.DECODING, 0, 1))
        dice = np.random.default_rng([spec.seed, 5])
        picture = develop(canvas, spec.width, spec.height, dice, grain=1.7)
        if spec.input_image is not None:
            origin = prepare_input_image(spec.input_image, spec.width, spec.height)
            picture = Image.blend(origin, picture, spec.strength)
        if spec.edit_image is not None:
            origin = prepare_input_image(spec.edit_image, spec.width, spec.height)
            picture = Image.blend(origin, picture, EDIT_SHARE)
        mark(picture)
        seconds = PhaseSeconds(
            load=loaded - started,
            encode=encoded - loaded,
            denoise=denoised - encoded,
            decode=time.perf_counter() - denoised,
        )
        return EngineResult(picture=picture, facts=self._facts(spec, seconds, brought))

    def _wait_for_steps(self, steps: int, on_progress: OnProgress) -> None:
        on_progress(Progress(Phase.DENOISING, 0, steps))
        for step in range(1, steps + 1):
            if self._step_seconds:
                time.sleep(self._step_seconds)
            on_progress(Progress(Phase.DENOISING, step, steps))

    def _facts(self, spec: ImageSpec, seconds: PhaseSeconds, loaded: Loaded) -> EngineFacts:
        size = spec.width, spec.height
        return EngineFacts(
            engine=self.name,
            engine_version=ENGINE_VERSION,
            libraries=_libraries(),
            device="cpu",
            device_name=_processor(),
            driver="",
            dtype=DTYPE,
            load_mode=LOAD_MODE,
            vram_tier=None,
            peak_vram_bytes=None,
            weight_hashes={},
            seconds=seconds,
            asked_size=size,
            made_size=size,
            size_reason=None,
            is_preview=True,
            loaded=loaded,
        )


def _libraries() -> dict[str, str]:
    return {"numpy": version("numpy"), "pillow": PIL.__version__}


def _processor() -> str:
    return platform.processor() or platform.machine()
