"""The finisher: archives pictures while the next one is drawn.

A picture takes a quarter of a second to be packed as PNG, made small twice, hashed, synced to the
disk and written into the database. None of it needs the GPU, and most of it runs in C without the
interpreter's lock. So the drawing thread hands over what it has and goes on.

The queue between them is short on purpose. Every picture in it would have to be drawn again if the
process died, and takes memory; when the archive is slower than the GPU, the GPU has to wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Queue

import structlog
from django.db import connections

from generation.worker.connecting import unit_of_work
from generation.worker.outcomes import Outcome

log = structlog.get_logger(__name__)

ROOM = 2
"""Outcomes that may wait for the one being settled."""


class Finisher:
    """Settles outcomes one after the other, in a thread of its own.

    A job is finished only when `settle` has archived its picture: until then its row says that it
    runs, and whoever recovers a lost worker has it drawn again. `on_fault` is called when an
    outcome could not be settled at all: the process has to end, so that the job is recovered.
    """

    def __init__(
        self, settle: Callable[[Outcome], None], *, on_fault: Callable[[], None], room: int = ROOM
    ) -> None:
        self._settle = settle
        self._on_fault = on_fault
        self._queue: Queue[Outcome | None] = Queue(room)
        self._thread = threading.Thread(target=self._run, name="finisher", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def hand(self, outcome: Outcome) -> None:
        """Take this over; waits while the queue is full."""
        self._queue.put(outcome)

    def wait(self) -> None:
        """Return when everything that was handed over is settled."""
        self._queue.join()

    def close(self) -> None:
        """Settle everything that was handed over, then end."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (outcome := self._queue.get()) is not None:
            with structlog.contextvars.bound_contextvars(job=str(outcome.claim.job.pk)):
                self._settle_or_break(outcome)
            del outcome  # a picture is megabytes, and the next one may be long in coming
            self._queue.task_done()
        connections.close_all()

    def _settle_or_break(self, outcome: Outcome) -> None:
        try:
            with unit_of_work():
                self._settle(outcome)
        except Exception:
            log.exception("job.unsettled")
            self._on_fault()
