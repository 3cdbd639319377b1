"""`DiffSynthEngine`: the real model, through DiffSynth-Studio's own `ZImagePipeline`."""

import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from generation.engines.base import (
    EngineError,
    EngineFacts,
    EngineResult,
    ImageSpec,
    ModelRef,
    OnProgress,
    OutOfMemory,
    Phase,
    PhaseSeconds,
    Progress,
    SpecRejected,
    ignore_progress,
)
from generation.engines.checking import check_spec, prepare_input_image
from generation.engines.diffsynth import loras
from generation.engines.diffsynth.faults import explain, explain_loading, released
from generation.engines.diffsynth.files import ModelFiles, find_model, sha256_of
from generation.engines.diffsynth.loading import load_pipeline
from generation.engines.diffsynth.runtime import (
    DeviceFacts,
    choose_device,
    describe_device,
    import_torch,
    library_versions,
    prints_logged,
)
from generation.engines.diffsynth.watching import Watch

ENGINE_VERSION = "1"
"""Raised whenever this adapter would make other pixels from the same spec and libraries."""


@dataclass(slots=True)
class _Resident:
    """A model in memory and everything about it that does not change from picture to picture."""

    directory: Path
    torch: Any
    pipeline: Any
    device: DeviceFacts
    load_mode: str
    libraries: dict[str, str]
    weight_hashes: dict[str, str]


class DiffSynthEngine:
    """Makes pictures with Z-Image from local safetensors files.

    `model_root` is the directory of one model, or of several by name. `device` is "auto", "cpu",
    "cuda" or "cuda:N". With `vram_limit` (GiB) the weights rest in main memory and visit the GPU.
    The pipeline is not thread-safe and makes one picture at a time: one engine, one thread, one
    process.
    """

    name = "diffsynth"

    def __init__(
        self,
        *,
        model_root: str | os.PathLike[str],
        device: str = "auto",
        vram_limit: float | None = None,
    ) -> None:
        kind, _, index = device.partition(":")
        if kind not in {"auto", "cpu", "cuda"} or (index and not index.isdecimal()):
            raise ValueError(f"device must be auto, cpu, cuda or cuda:N, not {device!r}")
        self._root = Path(model_root)
        self._wanted_device = device
        self._vram_limit = vram_limit
        self._resident: _Resident | None = None

    def load(self, model: ModelRef, on_progress: OnProgress = ignore_progress) -> None:
        files = find_model(self._root, model)
        if self._resident is not None and self._resident.directory == files.directory:
            return
        self.unload()
        hashes = _hash_weights(files, on_progress)
        failure: EngineError | None = None
        try:
            self._resident = self._make_resident(files, hashes)
        except Exception as error:  # noqa: BLE001 - every kind is mapped
            failure = explain_loading(error)
        if failure is not None:
            self._collect()
            raise failure

    def unload(self) -> None:
        if self._resident is None:
            return
        self._resident = None
        self._collect()

    def check(self, spec: ImageSpec) -> None:
        check_spec(spec)
        for lora in spec.loras:
            if not lora.path.is_file():
                raise SpecRejected("loras", "A LoRA file is missing.", detail=str(lora.path))

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        self.check(spec)
        started = time.perf_counter()
        self.load(spec.model, on_progress)
        load_seconds = time.perf_counter() - started
        failure: EngineError | None = None
        try:
            return self._make(spec, load_seconds, on_progress)
        except EngineError as error:
            failure = released(error)
        # Raised out here, it carries no frame in which the pipeline is a local variable.
        if isinstance(failure, OutOfMemory):
            self._collect()
        raise failure

    def prepare_libraries(self, directory: Path) -> None:
        """For subclasses: called with the model's directory after diffsynth can be imported."""

    def _make_resident(self, files: ModelFiles, hashes: dict[str, str]) -> _Resident:
        torch = import_torch()
        device = choose_device(torch, self._wanted_device)
        with prints_logged():
            self.prepare_libraries(files.directory)
            pipeline, load_mode = load_pipeline(torch, files, device, self._vram_limit)
        return _Resident(
            directory=files.directory,
            torch=torch,
            pipeline=pipeline,
            device=describe_device(torch, device),
            load_mode=load_mode,
            libraries=library_versions(torch),
            weight_hashes=hashes,
        )

    def _make(self, spec: ImageSpec, load_seconds: float, on_progress: OnProgress) -> EngineResult:
        resident = self._resident
        if resident is None:
            raise RuntimeError("load() leaves a model resident or raises")
        watch = Watch(on_progress, _settling(resident), encodings=1 if spec.cfg == 1.0 else 2)
        failure: EngineError | None = None
        try:
            picture = self._call(resident, spec, watch)
            return EngineResult(
                picture=picture,
                facts=self._facts(resident, spec, picture.size, watch.seconds(load_seconds)),
            )
        except Exception as error:
            if error is watch.raised:
                raise
            failure = explain(error)
        raise failure

    def _call(self, resident: _Resident, spec: ImageSpec, watch: Watch) -> Image.Image:
        pipeline = resident.pipeline
        if resident.device.device != "cpu":
            resident.torch.cuda.reset_peak_memory_stats(resident.device.device)
        try:
            watch.attach(pipeline)
            if spec.loras:
                with prints_logged():
                    loras.put_on(pipeline, spec.loras)
            picture = pipeline(**call_arguments(spec), progress_bar_cmd=watch.steps)
        finally:
            watch.detach()
            loras.take_off(pipeline)
        if not isinstance(picture, Image.Image):
            raise TypeError(f"the pipeline returned {type(picture).__name__}")
        return picture.convert("RGB")

    def _facts(
        self, resident: _Resident, spec: ImageSpec, made: tuple[int, int], seconds: PhaseSeconds
    ) -> EngineFacts:
        device = resident.device
        peak = None
        if device.device != "cpu":
            peak = int(resident.torch.cuda.max_memory_allocated(device.device))
        asked = spec.width, spec.height
        return EngineFacts(
            engine=self.name,
            engine_version=ENGINE_VERSION,
            libraries=resident.libraries,
            device=device.device,
            device_name=device.name,
            driver=device.driver,
            dtype="bfloat16",
            load_mode=resident.load_mode,
            vram_tier=device.vram_tier,
            peak_vram_bytes=peak,
            weight_hashes=resident.weight_hashes,
            seconds=seconds,
            asked_size=asked,
            made_size=made,
            size_reason=None if made == asked else "The model rounded the size.",
            is_preview=False,
        )

    def _collect(self) -> None:
        """Give freed memory back to the device; without CUDA there is nothing to give back."""
        gc.collect()
        torch = _imported_torch()
        if torch is not None and torch.cuda.is_available():
            torch.cuda.empty_cache()


def call_arguments(spec: ImageSpec) -> dict[str, Any]:
    """`spec` as keyword arguments of `ZImagePipeline.__call__`.

    The noise is drawn on the CPU, so that a seed means the same on every GPU.
    """
    arguments: dict[str, Any] = {
        "prompt": spec.prompt,
        "negative_prompt": spec.negative_prompt,
        "cfg_scale": float(spec.cfg),
        "width": spec.width,
        "height": spec.height,
        "seed": spec.seed,
        "rand_device": "cpu",
        "num_inference_steps": spec.steps,
        "sigma_shift": spec.sigma_shift,
    }
    if spec.input_image is not None:
        # The pipeline takes the image as it is and fails on any other size or mode.
        arguments["input_image"] = prepare_input_image(spec.input_image, spec.width, spec.height)
        arguments["denoising_strength"] = float(spec.strength)
    return arguments


def _hash_weights(files: ModelFiles, on_progress: OnProgress) -> dict[str, str]:
    """SHA-256 of every weight file; reading them now also warms the disk cache for loading."""
    weights = list(files.weights())
    hashes = {}
    for index, file in enumerate(weights):
        on_progress(Progress(Phase.LOADING, index, len(weights)))
        hashes[file.relative_to(files.directory).as_posix()] = sha256_of(file)
    on_progress(Progress(Phase.LOADING, len(weights), len(weights)))
    return hashes


def _settling(resident: _Resident) -> Callable[[], None]:
    device = resident.device.device
    if device == "cpu":
        return lambda: None
    torch = resident.torch
    return lambda: torch.cuda.synchronize(device)


def _imported_torch() -> Any:
    """torch if somebody has imported it; looking must not be what imports it."""
    return sys.modules.get("torch")
