"""The pipeline of one worker: claim, draw, finish, each beside the others.

    ======== ================================================ =====================================
    thread   does                                             waits for
    ======== ================================================ =====================================
    drawing  `engine.generate`, one picture after the other   a claim; the finisher, when it is full
    claimer  claims the next job as the current one ends      the moment that `foresight` tells
    finisher archives, fails, cancels, hands back             outcomes
    reporter writes progress, notices cancellations           news; looks around five times a second
    ======== ================================================ =====================================

The drawing thread is whoever calls `run`: in a worker process the main thread, because CUDA and the
engines want to be used by one thread only. Every other thread has database connections of its own.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog
from django.utils import timezone

from accounts.access import Access
from generation.actions.running import Claim
from generation.engines.base import ImageEngine, OnProgress, Phase, Progress
from generation.models import ModelVersion, Worker
from generation.worker.bookkeeping import Books
from generation.worker.claiming import Claimer
from generation.worker.connecting import unit_of_work
from generation.worker.drawing import HandedBack, draw
from generation.worker.finishing import Finisher
from generation.worker.foresight import Foresight
from generation.worker.hosting import EngineHost
from generation.worker.outcomes import Drawn, Failed, GivenUp, Why
from generation.worker.reporting import Attempt, Reporter
from generation.worker.stopping import Stop

log = structlog.get_logger(__name__)


class WorkerFaulty(Exception):
    """The process can make no more pictures and must be replaced."""


class Runner:
    """Runs the jobs of one worker, from claim to archive. Use it in a `with` block.

    `stop` says when to begin no more and when to hand back what is being drawn. `on_fault` is
    called, in another thread, when an outcome could not be settled.
    """

    def __init__(
        self,
        *,
        host: EngineHost,
        worker: Worker,
        stop: Stop | None = None,
        on_fault: Callable[[], None] = lambda: None,
    ) -> None:
        self.host = host
        self.worker = worker
        self.stop = stop or Stop()
        self._books = Books(Access.system("gpu-worker"), worker)
        self._claimer = Claimer(self._claim)
        self._reporter = Reporter(report=self._books.report, look=self._books.look)
        self._finisher = Finisher(self._books.settle, on_fault=on_fault)

    def __enter__(self) -> Self:
        for thread in (self._finisher, self._reporter, self._claimer):
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Claim nothing more, hand back what nobody began, and settle everything else."""
        claim = self._claimer.close()
        if claim is not None:
            self._hand_back(claim)
        self._finisher.close()
        self._reporter.close()

    def run(self, *, seconds: float = math.inf) -> int:
        """Draw until no job can start, `seconds` are over or the worker stops; return how many.

        When it returns, the last pictures may still be on their way into the archive.

        Raises:
            WorkerFaulty: this process must not take another job.
        """
        until = time.monotonic() + seconds
        drawn = 0
        while (claim := self._claimer.take(until=until)) is not None:
            if self.stop.asked:
                self._hand_back(claim)
                break
            with structlog.contextvars.bound_contextvars(job=str(claim.job.pk)):
                self._draw(claim, until)
            drawn += 1
        return drawn

    def settle(self) -> None:
        """Return when everything that was drawn so far is archived or has failed."""
        self._finisher.wait()

    def _draw(self, claim: Claim, until: float) -> None:
        # A job that was claimed ahead has waited until now, and its time counts from now.
        claim.job.started_at = timezone.now()
        attempt = Attempt(claim)
        self._claimer.expect(
            Foresight(estimate=claim.job.estimated_seconds, started=time.monotonic()), until=until
        )
        self._reporter.watch(attempt)
        outcome = draw(self.host, claim, self._listener(attempt), check_model=self._check_model)
        self._reporter.watch(None)
        if isinstance(outcome, Drawn):
            self._reporter.post(attempt, Progress(Phase.SAVING, 0, 1))
        self._finisher.hand(outcome)
        if isinstance(outcome, Failed) and outcome.fatal:
            raise WorkerFaulty(outcome.message)

    def _check_model(
        self, engine: ImageEngine, model: ModelVersion, on_progress: OnProgress
    ) -> None:
        # The one thing that the drawing thread asks the database, while a model is loaded anyway.
        with unit_of_work():
            self._books.check_model(engine, model, on_progress)

    def _listener(self, attempt: Attempt) -> OnProgress:
        """What the engine calls between two steps: nothing in it may wait."""

        def listen(progress: Progress) -> None:
            if self.stop.overdue:
                raise HandedBack
            if attempt.interruption is not None:
                raise attempt.interruption
            self._claimer.see(progress)
            self._reporter.post(attempt, progress)

        return listen

    def _hand_back(self, claim: Claim) -> None:
        claim.job.started_at = None  # no GPU second of it was used
        self._finisher.hand(GivenUp(claim, Why.HANDED_BACK))

    def _claim(self) -> Claim | None:
        return None if self.stop.asked else self._books.claim()
