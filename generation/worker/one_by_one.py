"""Jobs one by one in the calling thread: for the demo, whose pictures nobody waits for, and tests.

The same books, the same engines, the same outcomes as in the pipeline, without its threads. It can
run inside a transaction, where threads of their own would see nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from accounts.access import Access
from generation.actions.running import Claim
from generation.engines.base import Progress
from generation.models import Worker
from generation.worker.bookkeeping import Books
from generation.worker.drawing import draw
from generation.worker.hosting import EngineHost
from generation.worker.reporting import Attempt


@dataclass(slots=True)
class OneByOne:
    """Runs jobs with these engines in the name of this worker."""

    host: EngineHost
    worker: Worker
    access: Access = field(default_factory=lambda: Access.system("gpu-worker"))

    def run_next(self) -> bool:
        """Run the next job to its end; `False` when there was none."""
        books = Books(self.access, self.worker)
        claim = books.claim()
        if claim is None:
            return False
        outcome = draw(self.host, claim, _Reports(books, claim), check_model=books.check_model)
        books.settle(outcome)
        return True


class _Reports:
    """Writes progress down at once; a cancellation is raised into the engine from there."""

    def __init__(self, books: Books, claim: Claim) -> None:
        claim.job.started_at = timezone.now()
        self._books = books
        self._attempt = Attempt(claim)

    def __call__(self, progress: Progress) -> None:
        if self._attempt.is_worth_telling(progress):
            self._books.report(self._attempt.claim, progress)
