"""One claim in front of an engine: the only thing that the drawing thread does.

No database, no queue and no file in here, and nothing that waits for them: whatever this module
does before and after `engine.generate` is time in which the GPU stands still.
"""

from __future__ import annotations

import structlog

from generation import specifying
from generation.actions.running import AttemptLost, Claim
from generation.engines.base import (
    Cancelled,
    EngineError,
    ImageSpec,
    OnProgress,
    OutOfMemory,
)
from generation.worker.fitting import generate_fitting, next_smaller, shrunk
from generation.worker.hosting import EngineHost
from generation.worker.outcomes import Drawn, Failed, GivenUp, Outcome, Why

log = structlog.get_logger(__name__)


class HandedBack(Cancelled):
    """The worker is stopping and cannot wait for the picture."""

    code = "handed_back"


def draw(host: EngineHost, claim: Claim, on_progress: OnProgress) -> Outcome:
    """Let the engine make the picture, and say what became of it. Raises nothing."""
    try:
        engine, spec = host.engine(claim.job.engine), spec_of(claim)
        result = generate_fitting(
            engine,
            spec,
            smaller=next_smaller(spec, claim),
            on_progress=on_progress,
        )
        return Drawn(claim, result, engine.memory())
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


def spec_of(claim: Claim) -> ImageSpec:
    """What the engine must know about the job."""
    spec = specifying.spec_of(claim.job, input_image=claim.beginning.given())
    return spec if claim.largest_side is None else shrunk(spec, claim, side=claim.largest_side)
