"""`manage.py archivist`: carries out work on many images, one operation after the other."""

from __future__ import annotations

import signal
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from accounts.access import Access
from assets.operations import kinds  # noqa: F401  # makes the kinds known
from assets.operations.running import run_next

log = structlog.get_logger(__name__)

EVERY_SECONDS = 0.5


class Command(BaseCommand):
    """Look for ordered operations twice a second, and carry them out."""

    help = "Carry out what people ordered for many images: tagging, moving, importing, exporting."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until a signal says stop. A database that is away is waited for."""
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        access = Access.system("archivist")
        while not stop.is_set():
            try:
                close_old_connections()
                worked = run_next(access=access, stopping=stop.is_set)
            except DatabaseError as error:
                log.warning("archivist.database", reason=str(error))
                worked = False
            if not worked:
                stop.wait(EVERY_SECONDS)
