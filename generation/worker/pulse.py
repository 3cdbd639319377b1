"""The heartbeat of a worker, from a small process beside it.

A long call that holds the interpreter lock (loading a model, a kernel that hangs) would stop a
thread's heartbeat, and a worker that is only busy would be taken for dead. So the pulse is a process
of its own. It beats every few seconds; when the worker's end of the pipe closes, by whatever death,
it says so in the database at once; and it ends a worker whose job runs over its time.

Run as `python -m generation.worker.pulse <worker id> <worker pid>`, with the pipe as its input.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

INTERVAL_SECONDS = 3.0


def start(worker_id: UUID) -> subprocess.Popen[bytes]:
    """Start the pulse of this process; it ends by itself when this process does."""
    return subprocess.Popen(
        [sys.executable, "-m", "generation.worker.pulse", str(worker_id), str(os.getpid())],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is the worker's business
    )


def main(worker_id: UUID, pid: int) -> None:
    """Beat until the worker is gone, then close its row."""
    import django

    django.setup()

    import structlog
    from django.db import DatabaseError, close_old_connections

    from accounts.access import Access
    from generation.actions.workers import beat, retire_worker

    log = structlog.get_logger(__name__)
    access = Access.system("worker-pulse")
    gone = False
    while True:
        try:
            close_old_connections()
            if gone:
                retire_worker(access=access, worker_id=worker_id)
                return
            if not beat(access=access, worker_id=worker_id):
                # Somebody closed the row: this life is over, a supervisor starts a new one.
                os.kill(pid, signal.SIGTERM)
            elif _runs_over_time(worker_id):
                log.error("worker.over_time", worker=str(worker_id))
                os.kill(pid, signal.SIGKILL)
        except DatabaseError as error:
            log.warning("pulse.database", reason=str(error))
        except ProcessLookupError:
            gone = True
        gone = gone or _worker_ended(INTERVAL_SECONDS)


def _worker_ended(timeout: float) -> bool:
    """Wait; `True` as soon as the other end of the pipe is closed."""
    readable, _, _ = select.select([sys.stdin], [], [], timeout)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)


def _runs_over_time(worker_id: UUID) -> bool:
    from django.conf import settings
    from django.utils import timezone

    from generation.models import GenerationJob
    from generation.types import JobStatus

    limit = timezone.now() - timedelta(seconds=settings.JOB_TIME_LIMIT_SECONDS)
    return GenerationJob.objects.filter(
        worker_id=worker_id, status=JobStatus.RUNNING, started_at__lt=limit
    ).exists()


if __name__ == "__main__":
    main(UUID(sys.argv[1]), int(sys.argv[2]))
