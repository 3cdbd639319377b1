"""What a worker asks and tells the database about jobs: the only module that calls their actions.

Nothing in here knows of threads. The pipeline calls each method in a thread of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import structlog
from django.db import InterfaceError, OperationalError

from accounts.access import Access
from assets.actions.archiving import AttemptGivenUp
from assets.storage import StorageError, StorageFull
from generation.actions.canaries import check_canaries
from generation.actions.running import (
    AttemptLost,
    Claim,
    cancel_attempt,
    claim_next_job,
    complete_job,
    fail_attempt,
    hand_back,
    report_progress,
    require_attempt,
)
from generation.actions.workers import report_memory
from generation.engines.base import Cancelled, ImageEngine, OnProgress, Progress
from generation.models import ModelVersion, Worker
from generation.specifying import beginning_of
from generation.worker.outcomes import Drawn, Failed, GivenUp, Outcome, Why

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Books:
    """Keeps the books of one worker."""

    access: Access
    worker: Worker

    def claim(self) -> Claim | None:
        """The job that is next for this worker, claimed; `None` when none may start.

        The picture that it begins with is read here, where the GPU does not wait for it.
        """
        claim = claim_next_job(access=self.access, worker=self.worker)
        return claim and replace(claim, beginning=beginning_of(claim.job.request))

    def report(self, claim: Claim, progress: Progress) -> None:
        """Write down how far a drawing is. Raises `Cancelled` or `AttemptLost`."""
        report_progress(access=self.access, claim=claim, progress=progress)

    def look(self, claim: Claim) -> None:
        """Raise `Cancelled` or `AttemptLost` when the drawing shall stop; write nothing."""
        require_attempt(access=self.access, claim=claim)

    def check_model(
        self, engine: ImageEngine, model: ModelVersion, on_progress: OnProgress
    ) -> None:
        """Load a model and see that it draws what it did. Raises `EngineError`."""
        check_canaries(
            access=self.access,
            worker=self.worker,
            engine=engine,
            model=model,
            on_progress=on_progress,
        )

    def settle(self, outcome: Outcome) -> None:
        """Archive a picture and finish its job, or end the attempt in another way.

        Raises:
            Exception: the attempt could be settled in no way at all; usually `DatabaseError`.
        """
        match outcome:
            case Drawn():
                self._keep(outcome)
            case Failed():
                fail_attempt(
                    access=self.access,
                    claim=outcome.claim,
                    code=outcome.code,
                    message=outcome.message,
                    retryable=outcome.retryable,
                )
            case GivenUp(claim, why):
                self._give_up(claim, why)

    def _keep(self, drawn: Drawn) -> None:
        claim = drawn.claim
        if drawn.memory is not None:
            report_memory(access=self.access, worker_id=self.worker.pk, memory=drawn.memory)
        try:
            self.look(claim)  # before the work, not after it
            complete_job(access=self.access, claim=claim, result=drawn.result, worker=self.worker)
        except (AttemptLost, AttemptGivenUp):
            self._give_up(claim, Why.LOST)
        except Cancelled:
            self._give_up(claim, Why.CANCELLED)
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

    def _give_up(self, claim: Claim, why: Why) -> None:
        match why:
            case Why.LOST:
                log.warning("attempt.lost")
            case Why.CANCELLED:
                cancel_attempt(access=self.access, claim=claim)
            case Why.HANDED_BACK:
                hand_back(access=self.access, claim=claim)
