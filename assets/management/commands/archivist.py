"""`manage.py archivist`: carries out work on many images, one operation after the other."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from accounts.access import Access
from assets.actions.importing import sweep_imports
from assets.actions.looking import describe_older
from assets.actions.operations import forget_old_items
from assets.actions.rebuilding import tidy_table
from assets.actions.trashing import purge_expired
from assets.operations import kinds  # noqa: F401  # makes the kinds known
from assets.operations.running import run_next

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.5
TIDY_EVERY_SECONDS = 60.0
DESCRIBED_AT_ONCE = 20
MERGE_EVERY_SECONDS = 24 * 60 * 60.0
MERGED_AT_ONCE = 10


class Command(BaseCommand):
    """Look for ordered operations twice a second, and carry them out.

    Now and then it empties the trash of what is due and deletes what imports have left behind. With
    nothing to do, it describes images that were archived before looks were written down, and once a
    day it merges the pieces of the search index.
    """

    help = "Carry out what people ordered for many images: tagging, moving, importing, exporting."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until a signal says stop. A database that is away is waited for."""
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        access = Access.system("archivist")
        described_up_to: int | None = 0
        next_tidying = 0.0
        next_merging = time.monotonic() + TIDY_EVERY_SECONDS
        while not stop.is_set():
            try:
                close_old_connections()
                worked = run_next(access=access, stopping=stop.is_set)
                if time.monotonic() >= next_tidying:
                    # More that is due is deleted in the next turn: people's operations come first.
                    next_tidying = 0.0 if _tidy(access) else time.monotonic() + TIDY_EVERY_SECONDS
                if not worked and described_up_to is not None:
                    described_up_to = describe_older(
                        access=access, after=described_up_to, most=DESCRIBED_AT_ONCE
                    )
                    worked = described_up_to is not None
                if not worked and time.monotonic() >= next_merging:
                    worked = not tidy_table(access=access, most=MERGED_AT_ONCE)
                    next_merging = 0.0 if worked else time.monotonic() + MERGE_EVERY_SECONDS
            except DatabaseError as error:
                log.warning("archivist.database", reason=str(error))
                worked = False
            if not worked:
                stop.wait(EVERY_SECONDS)


def _tidy(access: Access) -> bool:
    """Delete what has been kept long enough; whether there is more of it."""
    forget = timedelta(days=settings.IMPORT_FORGET_AFTER_DAYS)
    sweep_imports(access=access, older_than=forget)
    return bool(purge_expired(access=access) or forget_old_items(access=access))
