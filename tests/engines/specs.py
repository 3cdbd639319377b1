"""Small specs for the engine tests; a test states only what differs."""

from typing import Any

from generation.engines.base import ImageSpec, ModelRef, Phase, Progress

MODEL = ModelRef("Tongyi-MAI/Z-Image-Turbo", "master")
BASE = ModelRef("Tongyi-MAI/Z-Image", "master")
OMNI = ModelRef("Tongyi-MAI/Z-Image-Omni-Base", "master")


def spec(**changes: Any) -> ImageSpec:
    values: dict[str, Any] = {
        "prompt": "一只金毛犬，坐在草地上",
        "width": 128,
        "height": 128,
        "seed": 123456,
        "steps": 3,
        "model": MODEL,
    }
    return ImageSpec(**(values | changes))


class Notes:
    """A progress callback that remembers, and raises `stop` when `at` steps are done."""

    def __init__(self, at: int | None = None, stop: Exception | None = None) -> None:
        self.heard: list[Progress] = []
        self._at, self._stop = at, stop

    def __call__(self, progress: Progress) -> None:
        self.heard.append(progress)
        if self._stop and progress.phase is Phase.DENOISING and progress.step == self._at:
            raise self._stop

    def steps(self) -> list[tuple[int, int]]:
        return [(p.step, p.steps) for p in self.heard if p.phase is Phase.DENOISING]

    def phases(self) -> list[Phase]:
        """The phases in the order in which they began."""
        return list(dict.fromkeys(p.phase for p in self.heard))
