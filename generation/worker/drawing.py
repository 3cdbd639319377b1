"""One claim in front of an engine: the only thing that the drawing thread does.

No database, no queue and no file in here, and nothing that waits for them: whatever this module
does before and after `engine.generate` is time in which the GPU stands still. Only when a model is
loaded, which takes seconds anyway, is somebody asked whether it still draws what it did.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import structlog

from generation import specifying
from generation.actions.running import AttemptLost, Claim
from generation.engines.base import (
    Cancelled,
    EngineError,
    EngineResult,
    ImageEngine,
    ImageSpec,
    OnProgress,
    OutOfMemory,
    Phase,
    Progress,
)
from generation.models import ModelVersion
from generation.worker.fitting import generate_fitting, next_smaller, shrunk
from generation.worker.hosting import EngineHost
from generation.worker.outcomes import Drawn, Failed, GivenUp, Outcome, Why

log = structlog.get_logger(__name__)


class HandedBack(Cancelled):
    """The worker is stopping and cannot wait for the picture."""

    code = "handed_back"


CheckModel = Callable[[ImageEngine, ModelVersion, OnProgress], None]
"""Loads a model that is not resident, and raises `EngineError` when it must not be used here."""


def draw(
    host: EngineHost, claim: Claim, on_progress: OnProgress, *, check_model: CheckModel
) -> Outcome:
    """Let the engine make the picture, and say what became of it. Raises nothing."""
    try:
        engine, spec = host.engine(claim.job.engine), spec_of(claim)
        started = time.perf_counter()
        if engine.resident != spec.model:
            check_model(engine, claim.job.request.model_version, _as_loading(on_progress))
        checked = time.perf_counter() - started
        result = generate_fitting(
            engine,
            spec,
            smaller=next_smaller(spec, claim),
            on_progress=on_progress,
        )
        return Drawn(claim, _after_loading(result, checked), engine.memory())
    except AttemptLost:
        return GivenUp(claim, Why.LOST)
    except HandedBack:
        return GivenUp(claim, Why.HANDED_BACK)
    except Cancelled:
        return GivenUp(claim, Why.CANCELLED)
    except EngineError as error:
        log.warning("job.failed", code=error.code, reason=error.message, detail=error.detail)
        return Failed(
            claim=claim,
            code=error.code,
            message=error.message,
            # Memory that was short twice in a row will be short a third time.
            retryable=error.retryable and not isinstance(error, OutOfMemory),
            fatal=error.fatal,
        )
    except Exception:
        log.exception("job.crashed")
        return Failed(
            claim=claim,
            code="internal",
            message="Something unexpected went wrong while the picture was made.",
        )


def _after_loading(result: EngineResult, seconds: float) -> EngineResult:
    """The result of a picture before which the model was loaded and tried for so long."""
    taken = result.facts.seconds
    taken = replace(taken, load=taken.load + seconds)
    return replace(result, facts=replace(result.facts, seconds=taken))


def _as_loading(on_progress: OnProgress) -> OnProgress:
    """To whoever waits for the picture, everything before it is loading."""

    def listen(_progress: Progress) -> None:
        on_progress(Progress(Phase.LOADING, 0, 1))

    return listen


def spec_of(claim: Claim) -> ImageSpec:
    """What the engine must know about the job."""
    spec = specifying.spec_of(claim.job, input_image=claim.beginning.given())
    return spec if claim.largest_side is None else shrunk(spec, claim, side=claim.largest_side)
