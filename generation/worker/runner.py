"""One job from claim to end. No queue and no SQL here: actions know those, the engine draws."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import InterfaceError, OperationalError

from accounts.access import Access
from assets.actions.archiving import AttemptGivenUp
from assets.storage import StorageError, StorageFull
from generation import specifying
from generation.actions.running import (
    AttemptLost,
    Claim,
    cancel_attempt,
    claim_next_job,
    complete_job,
    fail_attempt,
    hand_back,
    report_progress,
)
from generation.engines.base import (
    Cancelled,
    EngineError,
    ImageSpec,
    Phase,
    Progress,
)
from generation.models import Worker
from generation.worker.hosting import EngineHost

log = structlog.get_logger(__name__)

# Seconds between two reports of the same phase: a fast engine must not drown the database.
REPORT_EVERY = 0.1


class HandedBack(Cancelled):
    """The worker is stopping and cannot wait for the picture."""

    code = "handed_back"


class WorkerFaulty(Exception):
    """The process can make no more pictures and must be replaced."""


@dataclass(slots=True)
class Runner:
    """What a worker needs to run jobs: its engines, its row, and when to stop.

    `must_stop` is asked between two steps; when it says yes the job goes back to the queue.
    """

    host: EngineHost
    worker: Worker
    must_stop: Callable[[], bool] = lambda: False
    access: Access = field(default_factory=lambda: Access.system("gpu-worker"))

    def run_next(self) -> bool:
        """Run the next job to its end; `False` when there was none.

        Raises:
            WorkerFaulty: the job is settled, but this process must not take another one.
        """
        claim = claim_next_job(access=self.access, worker=self.worker)
        if claim is None:
            return False
        with structlog.contextvars.bound_contextvars(job=str(claim.job.pk)):
            self._run(claim)
        return True

    def _run(self, claim: Claim) -> None:
        try:
            engine = self.host.engine(claim.job.engine)
            result = engine.generate(spec_of(claim), on_progress=self._reporter(claim))
            report_progress(access=self.access, claim=claim, progress=Progress(Phase.SAVING, 0, 1))
            complete_job(access=self.access, claim=claim, result=result, worker=self.worker)
        except (AttemptLost, AttemptGivenUp):
            log.warning("attempt.lost")
        except HandedBack:
            hand_back(access=self.access, claim=claim)
        except Cancelled:
            cancel_attempt(access=self.access, claim=claim)
        except EngineError as error:
            self._fail(claim, error)
        except StorageError as error:
            full = isinstance(error, StorageFull)
            log.error("archive.failed", reason=str(error))  # noqa: TRY400  # the reason says it all
            fail_attempt(
                access=self.access,
                claim=claim,
                code="archive_full" if full else "archive_failed",
                message="The archive could not keep the picture.",
                retryable=not full,  # a storage that stumbled may stand again; a full one is full
            )
        except Exception as error:
            log.exception("job.crashed")
            fail_attempt(
                access=self.access,
                claim=claim,
                code="internal",
                message="Something unexpected went wrong while the picture was made.",
                # A database that was away for a moment is no fault of the job's.
                retryable=isinstance(error, OperationalError | InterfaceError),
            )

    def _fail(self, claim: Claim, error: EngineError) -> None:
        log.warning("job.failed", code=error.code, reason=error.message, detail=error.detail)
        fail_attempt(
            access=self.access,
            claim=claim,
            code=error.code,
            message=error.message,
            retryable=error.retryable,
        )
        if error.fatal:
            raise WorkerFaulty(error.message)

    def _reporter(self, claim: Claim) -> Callable[[Progress], None]:
        last_phase, last_time = None, 0.0

        def report(progress: Progress) -> None:
            nonlocal last_phase, last_time
            if self.must_stop():
                raise HandedBack
            now = time.monotonic()
            finished = progress.step == progress.steps
            if progress.phase == last_phase and not finished and now - last_time < REPORT_EVERY:
                return
            last_phase, last_time = progress.phase, now
            report_progress(access=self.access, claim=claim, progress=progress)

        return report


def spec_of(claim: Claim) -> ImageSpec:
    """What the engine must know about the job, the picture to begin with included."""
    return specifying.spec_of(
        claim.job,
        largest_side=claim.largest_side,
        input_image=specifying.input_image_of(claim.job.request),
    )
