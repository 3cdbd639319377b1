"""The reporter: writes down how far a drawing is, and learns whether it is still wanted.

An engine calls back between two steps, with the GPU waiting. An UPDATE and a message to Redis there
would cost every step milliseconds, and seconds when the database is slow. So the engine's callback
leaves its news in a mailbox and looks at a flag; a thread of its own empties the mailbox and sets
the flag. Only the latest news of each drawing is kept: nobody needs to read step 3 after step 4.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from django.db import connections

from generation.actions.running import Claim
from generation.engines.base import Cancelled, Phase, Progress
from generation.worker.connecting import unit_of_work

log = structlog.get_logger(__name__)

REPORT_EVERY_SECONDS = 0.1
"""Between two reports of the same phase: a fast engine must not drown the database."""

LOOK_EVERY_SECONDS = 0.2
"""How often an engine that is silent is asked about: so late a cancellation is noticed at most."""


class Attempt:
    """A claim while it is drawn, and what other threads have to say to the drawing.

    `interruption` is raised by the engine's callback at the next step. One thread writes it, one
    reads it, and it only ever goes from nothing to something: it needs no lock.
    """

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.interruption: Cancelled | None = None
        self._phase: Phase | None = None
        self._told_at = 0.0

    def is_worth_telling(self, progress: Progress) -> bool:
        """Whether a report now would tell people something that they could notice."""
        now = time.monotonic()
        finished = progress.step == progress.steps
        soon = now - self._told_at < REPORT_EVERY_SECONDS
        if progress.phase == self._phase and not finished and soon:
            return False
        self._phase, self._told_at = progress.phase, now
        return True


class Reporter:
    """Reports in a thread of its own.

    `report` writes a progress down, `look` only asks; both raise `Cancelled` (or `AttemptLost`,
    which is one) when the drawing shall stop. Any other failure is logged and forgotten: progress
    is a courtesy.
    """

    def __init__(
        self, *, report: Callable[[Claim, Progress], None], look: Callable[[Claim], None]
    ) -> None:
        self._report = report
        self._look = look
        self._changed = threading.Condition()
        self._mail: dict[Attempt, Progress] = {}
        self._drawn: Attempt | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def watch(self, attempt: Attempt | None) -> None:
        """This is what is being drawn now; `None` when nothing is."""
        self._drawn = attempt

    def post(self, attempt: Attempt, progress: Progress) -> None:
        """Leave news in the mailbox. Costs microseconds, whatever the database does."""
        if not attempt.is_worth_telling(progress):
            return
        with self._changed:
            self._mail[attempt] = progress
            self._changed.notify()

    def close(self) -> None:
        """Write what is in the mailbox, then end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (mail := self._take()) is not None:
            for attempt, progress in mail.items():
                self._ask(attempt, progress)
            if not mail and (drawn := self._drawn):
                self._ask(drawn)
        connections.close_all()

    def _ask(self, attempt: Attempt, progress: Progress | None = None) -> None:
        try:
            with unit_of_work():
                if progress:
                    self._report(attempt.claim, progress)
                else:
                    self._look(attempt.claim)
        except Cancelled as interruption:
            attempt.interruption = interruption
        except Exception:  # the database may be away; the drawing goes on
            log.warning("progress.unwritten", exc_info=True)

    def _take(self) -> dict[Attempt, Progress] | None:
        """The mail, empty when there was none for a while; `None` when no more will come."""
        with self._changed:
            if not self._mail and not self._closed:
                self._changed.wait(LOOK_EVERY_SECONDS)
            if not self._mail and self._closed:
                return None
            mail, self._mail = self._mail, {}
            return mail
