"""A picture that did not fit into the GPU's memory is tried once more, smaller if that is allowed.

The engine frees what it can before it says so, and often what was in the way was its own remainder
or another process that has gone: the same picture fits a moment later. Where the person said that
a smaller picture is better than none, the second try takes the next smaller size instead.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from generation.actions.running import Claim
from generation.engines.base import EngineResult, ImageEngine, ImageSpec, OnProgress, OutOfMemory

log = structlog.get_logger(__name__)

LONGER_SIDES = (2048, 1536, 1280, 1024, 896, 768, 640, 512)
"""What a picture's longer side is lowered to, in pixels; nothing is made smaller than the last."""

MULTIPLE = 16
"""Both sides are multiples of this (`generation.engines.checking`)."""

SMALLEST_SIDE = 64


def may_shrink(claim: Claim) -> bool:
    """Whether the person allowed a smaller picture when the asked one does not fit."""
    return bool(getattr(claim.job.request, "may_shrink", False))


def generate_fitting(
    engine: ImageEngine, spec: ImageSpec, *, may_shrink: bool, on_progress: OnProgress
) -> EngineResult:
    """The engine's picture of the spec; after `OutOfMemory` it is tried once more.

    What was asked, what was made and why they differ stands in the facts of the result.

    Raises:
        OutOfMemory: it did not fit the second time either.
        EngineError: whatever else the engine says.
    """
    try:
        return engine.generate(spec, on_progress=on_progress)
    except OutOfMemory as error:
        log.warning("memory.short", width=spec.width, height=spec.height, detail=error.detail)
    # Out here the first try's traceback is gone, and with it all that its frames still held.
    smaller = next_smaller(spec) if may_shrink else None
    if smaller is None:
        return engine.generate(spec, on_progress=on_progress)
    return _as_asked(engine.generate(smaller, on_progress=on_progress), spec)


def next_smaller(spec: ImageSpec) -> ImageSpec | None:
    """The spec with its longer side at the next smaller size; `None` when there is none."""
    longer = max(spec.width, spec.height)
    side = next((each for each in LONGER_SIDES if each < longer), None)
    if side is None:
        return None
    return replace(
        spec,
        width=_scaled(spec.width, side / longer),
        height=_scaled(spec.height, side / longer),
    )


def _scaled(pixels: int, factor: float) -> int:
    return max(round(pixels * factor / MULTIPLE) * MULTIPLE, SMALLEST_SIDE)


def _as_asked(result: EngineResult, asked: ImageSpec) -> EngineResult:
    width, height = asked.width, asked.height
    facts = replace(
        result.facts,
        asked_size=(width, height),
        size_reason=f"The GPU's memory did not hold a picture of {width} x {height} pixels.",
    )
    return replace(result, facts=facts)
