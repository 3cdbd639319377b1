"""`DiffSynthEngine`: the real model, through DiffSynth-Studio's own `ZImagePipeline`."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from generation.engines.base import (
    DeviceMemory,
    DeviceUnavailable,
    EngineError,
    EngineFacts,
    EngineResult,
    EngineSetup,
    ImageSpec,
    Loaded,
    LoraRef,
    ModelRef,
    OnProgress,
    OutOfMemory,
    SpecRejected,
    ignore_progress,
)
from generation.engines.checking import check_spec, prepare_edit_image, prepare_input_image
from generation.engines.diffsynth import loras
from generation.engines.diffsynth.faults import explain, released
from generation.engines.diffsynth.memory import device_memory
from generation.engines.diffsynth.prompting import PromptMemory
from generation.engines.diffsynth.residence import Residence, Resident
from generation.engines.diffsynth.runtime import choose_device, import_torch, prints_logged
from generation.engines.diffsynth.watching import Watch
from generation.engines.families import takes_edit_image
from generation.engines.model_files import ModelFiles
from generation.engines.weight_files import roots_of

ENGINE_VERSION = "1"
"""Raised whenever this adapter would make other pixels from the same spec and libraries."""

DTYPE = "bfloat16"


class DiffSynthEngine:
    """Makes pictures with Z-Image from local safetensors files.

    `model_root` is the directory of one model, or of several by name; as text it may name several
    directories with `os.pathsep` between them. `lora_root` is the directory of LoRAs; with it no
    other file is taken for one. `device` is "auto", "cpu", "cuda" or "cuda:N". With `vram_limit`
    (GiB) the weights rest in main memory and visit the GPU. The pipeline is not thread-safe and
    makes one picture at a time: one engine, one thread, one process.
    """

    name = "diffsynth"

    def __init__(
        self,
        *,
        model_root: str | os.PathLike[str],
        device: str = "auto",
        vram_limit: float | None = None,
        lora_root: str | os.PathLike[str] | None = None,
    ) -> None:
        kind, _, index = device.partition(":")
        if kind not in {"auto", "cpu", "cuda"} or (index and not index.isdecimal()):
            raise ValueError(f"device must be auto, cpu, cuda or cuda:N, not {device!r}")
        self._wanted_device = device
        self._lora_root = Path(lora_root) if lora_root else None
        self._prompts = PromptMemory()
        self._residence = Residence(
            roots=roots_of(model_root),
            device=device,
            vram_limit=vram_limit,
            prompts=self._prompts,
            prepare=self.prepare_libraries,
        )

    @property
    def resident(self) -> ModelRef | None:
        current = self._residence.current
        return None if current is None else current.contents.model

    def setup(self) -> EngineSetup | None:
        resident = self._residence.current
        if resident is None:
            return None
        return EngineSetup(
            engine=self.name,
            engine_version=ENGINE_VERSION,
            libraries=resident.libraries,
            device_name=resident.device.name,
            driver=resident.device.driver,
            dtype=DTYPE,
            load_mode=resident.load_mode,
            weight_hashes=resident.contents.weight_hashes,
        )

    @property
    def prompt_hits(self) -> int:
        """How often the text encoder was spared since the engine was made."""
        return self._prompts.hits

    def memory(self) -> DeviceMemory | None:
        if self._wanted_device == "cpu":
            return None
        try:
            torch = import_torch()
            return device_memory(torch, choose_device(torch, self._wanted_device))
        except DeviceUnavailable:
            return None
        except Exception as error:  # noqa: BLE001 - every kind is mapped
            failure = explain(error)
        raise failure

    def load(self, model: ModelRef, on_progress: OnProgress = ignore_progress) -> None:
        self._residence.load(model, on_progress)

    def unload(self) -> None:
        self._residence.unload()

    def check(self, spec: ImageSpec) -> None:
        check_spec(spec)
        if spec.edit_image is not None and not takes_edit_image(spec.model.name):
            raise SpecRejected("edit_image", "This model does not take a picture to edit.")
        self._located(spec)

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        self.check(spec)
        started = time.perf_counter()
        loaded = self._residence.load(spec.model, on_progress)
        load_seconds = time.perf_counter() - started
        failure: EngineError | None = None
        try:
            return self._make(spec, loaded, load_seconds, on_progress)
        except EngineError as error:
            failure = released(error)
        # Raised out here, it carries no frame in which the pipeline is a local variable.
        if isinstance(failure, OutOfMemory):
            self._residence.leave_device()
        raise failure

    @staticmethod
    def prepare_libraries(files: ModelFiles) -> None:
        """For subclasses: called before files are loaded, when diffsynth can be imported."""

    def _located(self, spec: ImageSpec) -> tuple[LoraRef, ...]:
        """The spec's LoRAs with whole paths. Raises `SpecRejected`."""
        return tuple(replace(lora, path=loras.locate(lora, self._lora_root)) for lora in spec.loras)

    def _make(
        self, spec: ImageSpec, loaded: Loaded, load_seconds: float, on_progress: OnProgress
    ) -> EngineResult:
        resident = self._residence.current
        if resident is None:
            raise RuntimeError("load() leaves a model resident or raises")
        watch = Watch(on_progress, _settling(resident), encodings=1 if spec.cfg == 1.0 else 2)
        failure: EngineError | None = None
        try:
            picture = self._call(resident, spec, watch)
            facts = self._facts(resident, spec, picture.size, watch, load_seconds)
            return EngineResult(picture=picture, facts=replace(facts, loaded=loaded))
        except Exception as error:
            if error is watch.raised:
                raise
            failure = explain(error)
        raise failure

    def _call(self, resident: Resident, spec: ImageSpec, watch: Watch) -> Image.Image:
        pipeline = resident.pipeline
        if resident.device.device != "cpu":
            resident.torch.cuda.reset_peak_memory_stats(resident.device.device)
        try:
            watch.attach(pipeline, self._prompts)
            if spec.loras:
                with prints_logged():
                    loras.put_on(pipeline, self._located(spec))
            picture = pipeline(**call_arguments(spec), progress_bar_cmd=watch.steps)
        finally:
            watch.detach()
            loras.take_off(pipeline)
        if not isinstance(picture, Image.Image):
            raise TypeError(f"the pipeline returned {type(picture).__name__}")
        return picture.convert("RGB")

    def _facts(
        self,
        resident: Resident,
        spec: ImageSpec,
        made: tuple[int, int],
        watch: Watch,
        load_seconds: float,
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
            dtype=DTYPE,
            load_mode=resident.load_mode,
            vram_tier=device.vram_tier,
            peak_vram_bytes=peak,
            weight_hashes=resident.contents.weight_hashes,
            seconds=watch.seconds(load_seconds),
            asked_size=asked,
            made_size=made,
            size_reason=None if made == asked else "The model rounded the size.",
            is_preview=False,
            prompt_reused=watch.prompt_reused,
        )


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
    if spec.edit_image is not None:
        arguments["edit_image"] = prepare_edit_image(spec.edit_image)
    return arguments


def _settling(resident: Resident) -> Callable[[], None]:
    device = resident.device.device
    if device == "cpu":
        return lambda: None
    torch = resident.torch
    return lambda: torch.cuda.synchronize(device)
