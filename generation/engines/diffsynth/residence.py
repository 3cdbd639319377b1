"""Which model is in memory, and how another takes its place.

Z-Image models differ in their transformer and share what reads words and decodes pictures.
Where the resident model has the same text encoder, VAE and tokenizer, file for file, only the
transformer is exchanged: twelve gigabytes instead of twenty.
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generation.engines.base import (
    EngineError,
    Loaded,
    ModelRef,
    OnProgress,
)
from generation.engines.diffsynth.contents import Contents, identify
from generation.engines.diffsynth.faults import mapped
from generation.engines.diffsynth.loading import (
    EXCHANGEABLE,
    MANAGED,
    load_exchangeable,
    load_pipeline,
    recognise,
)
from generation.engines.diffsynth.memory import give_back, has_room
from generation.engines.diffsynth.prompting import PromptMemory, remember_prompts
from generation.engines.diffsynth.runtime import (
    DeviceFacts,
    choose_device,
    describe_device,
    import_torch,
    library_versions,
    prints_logged,
)
from generation.engines.diffsynth.swapping import attempt, swap
from generation.engines.model_files import ModelFiles

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Resident:
    """A model in memory and everything about it that does not change from picture to picture."""

    contents: Contents
    torch: Any
    pipeline: Any
    device: DeviceFacts
    load_mode: str
    libraries: dict[str, str]


class Residence:
    """The place in memory that one model has. `prepare` is called before files are loaded."""

    def __init__(
        self,
        *,
        roots: Sequence[Path],
        device: str,
        vram_limit: float | None,
        prompts: PromptMemory,
        prepare: Callable[[ModelFiles], None],
    ) -> None:
        self.current: Resident | None = None
        self._roots = roots
        self._wanted_device = device
        self._vram_limit = vram_limit
        self._prompts = prompts
        self._prepare = prepare

    def load(self, model: ModelRef, on_progress: OnProgress) -> Loaded:
        """Make `model` the resident one and say what that took. Raises `EngineError`."""
        if self.current is not None and self.current.contents.model == model:
            return Loaded.NOTHING
        contents = identify(self._roots, model, on_progress)
        if self.current is not None and self.current.contents.is_the_same_as(contents):
            self.current.contents = contents
            return Loaded.NOTHING
        started = time.perf_counter()
        failure, loaded = self._bring(contents)
        give_back()
        if failure is not None:
            raise failure
        seconds = time.perf_counter() - started
        logger.info("loaded %s of %s in %.1f s", loaded, model.name, seconds)
        return loaded

    def unload(self) -> None:
        """Give the memory back."""
        self._prompts.forget()
        if self.current is not None:
            self.current = None
            give_back()

    def leave_device(self) -> None:
        """Give back what a picture that did not come about has left behind.

        Managed weights go back to main memory: they stay where a failing call left them.
        """
        current = self.current
        if current is not None and current.load_mode == MANAGED:
            attempt(lambda: current.pipeline.load_models_to_device([]), lambda _: None)
        give_back()

    def _bring(self, new: Contents) -> tuple[EngineError | None, Loaded]:
        if self.current is None:
            return attempt(lambda: self._make(new), self._put), Loaded.EVERYTHING
        failure = attempt(lambda: self._look_at(new), lambda _: None)
        if failure is not None:
            return failure, Loaded.NOTHING
        if self.current.contents.differs_in_transformer_only(new):
            return self._exchange(self.current, new), Loaded.TRANSFORMER
        return self._replace(new), Loaded.EVERYTHING

    def _look_at(self, new: Contents) -> None:
        with prints_logged():
            self._prepare(new.files)
            recognise(new.files)

    def _exchange(self, resident: Resident, new: Contents) -> EngineError | None:
        """Give the resident pipeline another transformer."""
        old, pipeline = resident.contents, resident.pipeline

        def bring(contents: Contents) -> tuple[Contents, dict[str, Any]]:
            with prints_logged():
                self._prepare(contents.files)
                parts = load_exchangeable(
                    resident.torch, pipeline, contents.files, resident.load_mode, self._vram_limit
                )
            return contents, parts

        def put(brought: tuple[Contents, dict[str, Any]]) -> None:
            resident.contents = brought[0]
            for attribute, part in brought[1].items():
                setattr(pipeline, attribute, part)

        def drop() -> None:
            for attribute, _ in EXCHANGEABLE.values():
                setattr(pipeline, attribute, None)
            give_back()

        failure = swap(
            beside=self._has_room(new, EXCHANGEABLE),
            bring=lambda: bring(new),
            put=put,
            drop=drop,
            bring_back=lambda: bring(old),
        )
        if pipeline.dit is None:
            self.current = None
        return failure

    def _replace(self, new: Contents) -> EngineError | None:
        """Load everything anew. Nothing here may hold the old pipeline but `self.current`."""
        if self.current is None:
            raise RuntimeError("there is nothing to replace")
        old = self.current.contents

        def drop() -> None:
            self.current = None
            give_back()

        return swap(
            beside=self._has_room(new, new.files.parts),
            bring=lambda: self._make(new),
            put=self._put,
            drop=drop,
            bring_back=lambda: self._make(old),
        )

    def _has_room(self, new: Contents, parts: Collection[str]) -> bool:
        resident = self.current
        return resident is not None and mapped(
            has_room,
            resident.torch,
            resident.device.device,
            new.bytes_of(parts),
            managed=resident.load_mode == MANAGED,
        )

    def _make(self, contents: Contents) -> Resident:
        torch = import_torch()
        device = choose_device(torch, self._wanted_device)
        with prints_logged():
            self._prepare(contents.files)
            pipeline, load_mode = load_pipeline(torch, contents.files, device, self._vram_limit)
            remember_prompts(pipeline, self._prompts, (contents.reader, load_mode, device))
        return Resident(
            contents=contents,
            torch=torch,
            pipeline=pipeline,
            device=describe_device(torch, device),
            load_mode=load_mode,
            libraries=library_versions(torch),
        )

    def _put(self, resident: Resident) -> None:
        self.current = resident
