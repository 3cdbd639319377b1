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
from generation.tiers import shrink, side_needed, step_down

log = structlog.get_logger(__name__)


def generate_fitting(
    engine: ImageEngine, spec: ImageSpec, *, smaller: ImageSpec | None, on_progress: OnProgress
) -> EngineResult:
    """The engine's picture of the spec; after `OutOfMemory` it is tried once more.

    The second try is `smaller`, or the same once more. What was asked, what was made and why they
    differ stands in the facts of the result.

    Raises:
        OutOfMemory: it did not fit the second time either.
        EngineError: whatever else the engine says.
    """
    try:
        return engine.generate(spec, on_progress=on_progress)
    except OutOfMemory as error:
        log.warning("memory.short", width=spec.width, height=spec.height, detail=error.detail)
    # Out here the first try's traceback is gone, and with it all that its frames still held.
    if smaller is None:
        return engine.generate(spec, on_progress=on_progress)
    return _as_asked(engine.generate(smaller, on_progress=on_progress), spec)


def next_smaller(spec: ImageSpec, claim: Claim) -> ImageSpec | None:
    """The spec at the next smaller tier of its model; `None` when its maker wants no other size."""
    if not claim.job.request.may_shrink:
        return None
    tiers = claim.job.request.model_version.tiers
    side = step_down(side_needed(spec.width, spec.height), tiers)
    return None if side is None else shrunk(spec, claim, side=side)


def shrunk(spec: ImageSpec, claim: Claim, *, side: int) -> ImageSpec:
    """The spec in the size that a tier's side allows."""
    width, height = shrink(
        spec.width,
        spec.height,
        side=side,
        multiple=claim.job.request.model_version.size_multiple,
    )
    return replace(spec, width=width, height=height)


def _as_asked(result: EngineResult, asked: ImageSpec) -> EngineResult:
    width, height = asked.width, asked.height
    facts = replace(
        result.facts,
        asked_size=(width, height),
        size_reason=f"The GPU's memory did not hold a picture of {width} x {height} pixels.",
    )
    return replace(result, facts=facts)
