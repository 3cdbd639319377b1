"""`manage.py worker_pulse`: started by a worker, never by hand."""

from __future__ import annotations

import os
import signal
import time
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

from accounts.access import Access
from generation.actions.workers import beat, note_overtime, retire_worker
from generation.gpu_memory import read_memory
from generation.queries.workers import device_uuid_of, has_to_give_back, jobs_on
from generation.worker.pulse import INTERVAL_SECONDS, worker_ended
from generation.worker.stacks import stack_of
from generation.worker.stopwatch import RunningAttempt, Stopwatch

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """Beat until the worker is gone, then close its row."""

    help = "Heartbeat of a worker (started by gpu_worker)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The worker's row and its process."""
        parser.add_argument("worker", type=UUID)
        parser.add_argument("pid", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Beat; a database that is away is waited for."""
        worker_id, pid = options["worker"], options["pid"]
        access = Access.system("worker-pulse")
        stopwatch = Stopwatch(settings.JOB_TIME_LIMIT_SECONDS)
        gone = False
        while True:
            try:
                close_old_connections()
                if gone:
                    retire_worker(access=access, worker_id=worker_id)
                    return
                self._look_after(access, worker_id, pid, stopwatch)
            except DatabaseError as error:
                log.warning("pulse.database", reason=str(error))
            except ProcessLookupError:
                gone = True
            gone = gone or worker_ended(INTERVAL_SECONDS)

    def _look_after(self, access: Access, worker_id: UUID, pid: int, stopwatch: Stopwatch) -> None:
        memory = read_memory(device_uuid_of(worker_id), pid)
        if not beat(access=access, worker_id=worker_id, memory=memory):
            # Somebody closed the row: this life is over, a supervisor starts a new one.
            os.kill(pid, signal.SIGTERM)
            return
        if has_to_give_back(worker_id):
            # Only the end of a process gives back everything that it holds of a GPU. The next
            # life loads nothing until somebody lets it.
            os.kill(pid, signal.SIGTERM)
            return
        running = jobs_on(worker_id).values_list("pk", "attempt_token", "started_at")
        late = stopwatch.over_time((RunningAttempt(*each) for each in running), time.monotonic())
        if late:
            self._end(access, worker_id, pid, late)

    def _end(self, access: Access, worker_id: UUID, pid: int, jobs: list[UUID]) -> None:
        """Kill the worker, but first ask it where it hangs and write that down."""
        log.error("worker.over_time", worker=str(worker_id))
        stack = stack_of(worker_id, pid)
        try:
            note_overtime(access=access, worker_id=worker_id, jobs=jobs, log=stack)
        finally:
            os.kill(pid, signal.SIGKILL)
