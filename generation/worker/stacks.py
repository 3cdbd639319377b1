"""Where a worker hangs, told by itself before it is killed.

A kernel that never returns, a lock that nobody gives back, an archive that does not answer: from
outside they look alike. On SIGUSR2 the worker writes the stack of each of its threads into a file.
Python's own fault handler does it from within the signal, so it needs neither the interpreter's
lock nor a thread that still runs.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

WRITING_SECONDS = 2.0
"""The stacks are there in milliseconds, unless the machine itself hangs."""


def stack_file(worker_id: UUID) -> Path:
    """Where the worker's stacks are written; on the worker's own machine."""
    return Path(settings.DATA_DIR) / "workers" / f"{worker_id}.stack"


@contextmanager
def stack_on_signal(worker_id: UUID) -> Iterator[None]:
    """Inside the block SIGUSR2 writes the stacks of this process; it goes on as if nothing was."""
    path = stack_file(worker_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        faulthandler.register(signal.SIGUSR2, file=file, all_threads=True)
        try:
            yield
        finally:
            faulthandler.unregister(signal.SIGUSR2)
            path.unlink(missing_ok=True)


def stack_of(worker_id: UUID, pid: int) -> str:
    """Ask the worker for its stacks; empty when it does not answer. Removes their file.

    Raises:
        ProcessLookupError: the worker is gone.
    """
    path = stack_file(worker_id)
    if not path.is_file():  # it has not come so far, and the signal would end it without a word
        return ""
    os.kill(pid, signal.SIGUSR2)
    deadline = time.monotonic() + WRITING_SECONDS
    seen = -1
    while time.monotonic() < deadline:
        time.sleep(0.1)
        size = path.stat().st_size if path.exists() else 0
        if size and size == seen:  # it has stopped growing
            break
        seen = size
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    finally:
        path.unlink(missing_ok=True)
