"""The heartbeat of a worker, from a small process beside it.

A long call that holds the interpreter lock (loading a model, a kernel that hangs) would stop the
heartbeat of a thread, and a worker that is only busy would be taken for dead. So the pulse is a
process of its own (`manage.py worker_pulse`). When the worker's end of the pipe closes, by whatever
death, the pulse says so in the database at once; and it ends a worker whose job runs over its time.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from uuid import UUID

from django.conf import settings

INTERVAL_SECONDS = 3.0


def start_pulse(worker_id: UUID) -> subprocess.Popen[bytes]:
    """Start the pulse of this process; it ends by itself when this process does."""
    manage = str(settings.BASE_DIR / "manage.py")
    return subprocess.Popen(  # noqa: S603  # our own program and numbers
        [sys.executable, manage, "worker_pulse", str(worker_id), str(os.getpid())],
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C in the terminal is the worker's business
    )


def worker_ended(timeout: float) -> bool:
    """Wait up to `timeout` seconds; `True` as soon as the worker's end of the pipe is closed."""
    readable, _writable, _failed = select.select([sys.stdin], [], [], timeout)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)
