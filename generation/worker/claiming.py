"""The claimer: has the next job ready when the GPU is free.

Claiming takes the ledger's lock and a dozen statements. Done between two pictures, the GPU would
wait for all of it; done when a picture begins, the choice would be unfair to everybody who comes
while it is drawn. So a thread of its own claims shortly before the current picture ends, at the
moment that `foresight` tells, and the drawing thread never touches the database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from django.db import connections

from generation.actions.running import Claim
from generation.engines.base import Progress
from generation.worker.connecting import unit_of_work
from generation.worker.foresight import Foresight

log = structlog.get_logger(__name__)


class Claimer:
    """Claims one job ahead, in a thread of its own.

    `claim` asks the database; it is called without any lock held. At most one claim is held that
    nobody draws yet.
    """

    def __init__(self, claim: Callable[[], Claim | None]) -> None:
        self._claim = claim
        self._changed = threading.Condition()
        self._foresight: Foresight | None = None
        self._until = 0.0
        self._wanted = False  # the drawing thread waits for an answer
        self._claiming = False
        self._ready: Claim | None = None
        self._error: Exception | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="claimer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def expect(self, foresight: Foresight, *, until: float) -> None:
        """A drawing begins: claim the next job when it nears its end, if that is before `until`."""
        with self._changed:
            self._foresight, self._until = foresight, until
            self._changed.notify_all()

    def see(self, progress: Progress) -> None:
        """The drawing came this far. Costs microseconds: called between two steps."""
        with self._changed:
            if self._foresight:
                before = self._foresight.claim_at
                self._foresight.see(progress, time.monotonic())
                if self._foresight.claim_at < before:
                    self._changed.notify_all()

    def take(self, *, until: float) -> Claim | None:
        """The job that was claimed ahead, else the one that is next now; `None` for none.

        After the moment `until` only what was claimed ahead is given.

        Raises:
            Exception: what the database said to a claim that somebody waited for.
        """
        with self._changed:
            self._foresight = None
            while self._claiming:
                self._changed.wait()
            if self._ready is None and not self._closed and time.monotonic() < until:
                self._wanted, self._error = True, None
                self._changed.notify_all()
                while self._wanted:
                    self._changed.wait()
                if self._error:
                    raise self._error
            ready, self._ready = self._ready, None
            return ready

    def close(self) -> Claim | None:
        """Claim nothing more; return the job that was claimed and that nobody took."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        ready, self._ready = self._ready, None
        return ready

    def _run(self) -> None:
        while self._wait_for_the_moment():
            claim, error = None, None
            try:
                with unit_of_work():
                    claim = self._claim()
            except Exception as failure:
                log.exception("claim.failed")
                error = failure
            with self._changed:
                self._claiming = self._wanted = False
                self._ready, self._error = claim, error
                self._changed.notify_all()
        connections.close_all()

    def _wait_for_the_moment(self) -> bool:
        """Return `True` when a job has to be claimed, `False` when none ever will be."""
        with self._changed:
            while True:
                if self._closed:
                    self._wanted = False
                    self._changed.notify_all()
                    return False
                if self._wanted:
                    break
                left = self._seconds_left()
                if left is not None and left <= 0:
                    break
                self._changed.wait(left)
            self._foresight = None  # once for each picture; after that only when asked
            self._claiming = True
            return True

    def _seconds_left(self) -> float | None:
        """Until the next job should be claimed ahead; `None` when that is not to be."""
        if self._foresight is None or self._foresight.claim_at >= self._until:
            return None
        return min(self._foresight.claim_at - time.monotonic(), threading.TIMEOUT_MAX)
