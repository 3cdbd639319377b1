"""Engines that draw the same picture a little, or quite, differently after an upgrade."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from PIL import Image

from generation.engines.base import (
    EngineResult,
    EngineSetup,
    ImageSpec,
    OnProgress,
    Phase,
    Progress,
    ignore_progress,
)
from generation.engines.preview import PreviewEngine


class UpgradedEngine(PreviewEngine):
    """The preview engine with another library, which makes every level `by` brighter."""

    _paintings: ClassVar[dict[tuple[str, int], EngineResult]] = {}

    def __init__(self, *, by: int, version: str = "2") -> None:
        super().__init__()
        self._by = by
        self._version = version
        self.drawn = 0

    def setup(self) -> EngineSetup | None:
        setup = super().setup()
        return setup and replace(setup, libraries={**setup.libraries, "torch": self._version})

    def generate(
        self, spec: ImageSpec, *, on_progress: OnProgress = ignore_progress
    ) -> EngineResult:
        self.drawn += 1
        result = self._painted(spec, on_progress)
        brighter: Image.Image = result.picture.point(lambda level: min(level + self._by, 255))
        return replace(result, picture=brighter)

    def _painted(self, spec: ImageSpec, on_progress: OnProgress) -> EngineResult:
        """The picture of the preview engine; the same one is painted once in a test run."""
        key = spec.prompt, spec.seed
        if key not in self._paintings:
            self._paintings[key] = super().generate(spec)
        on_progress(Progress(Phase.DECODING, 0, 1))
        return self._paintings[key]
