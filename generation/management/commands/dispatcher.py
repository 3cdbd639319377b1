"""`manage.py dispatcher`: notices what was lost and sees that the bell rings."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from accounts.access import Access
from assets.actions.archiving import sweep_pending
from generation.actions.pruning import prune_workers
from generation.actions.retention import delete_old_work
from generation.actions.running import recover_lost_jobs, release_due_jobs
from generation.dispatch import ring

log = structlog.get_logger(__name__)

EVERY_SECONDS = 1.0
SWEEP_EVERY_SECONDS = 60.0
# No attempt lives this long: what it promised and did not archive is litter.
PROMISES_HOLD = timedelta(hours=1)


class Command(BaseCommand):
    """Reconcile rows, tickets and files, once a second."""

    help = "Bring back jobs of lost workers and keep tickets in the queue while jobs wait."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until a signal says stop. A database that is away is waited for."""
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        access = Access.system("dispatcher")
        next_sweep = 0.0
        while not stop.wait(EVERY_SECONDS):
            try:
                close_old_connections()
                recover_lost_jobs(access=access)
                release_due_jobs(access=access)
                ring()
                if time.monotonic() >= next_sweep:
                    sweep_pending(access=access, older_than=PROMISES_HOLD)
                    delete_old_work(access=access)
                    prune_workers(access=access)
                    next_sweep = time.monotonic() + SWEEP_EVERY_SECONDS
            except DatabaseError as error:
                log.warning("dispatcher.database", reason=str(error))
