"""Real processes for the tests that kill them: workers and the dispatcher on the test database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection


def environment(**extra: str) -> dict[str, str]:
    """The environment in which a process sees the test's database, Redis and archive."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.generation.process_settings",
        "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "TEST_ARCHIVE": str(storages["archive"].location),
        "REDIS_URL": settings.REDIS_URL,
        "ATELIER_LOG_LEVEL": "INFO",
        **extra,
    }


def start(*command: str, **extra: str) -> subprocess.Popen[bytes]:
    """`manage.py <command>` in the background."""
    manage = str(settings.BASE_DIR / "manage.py")
    return subprocess.Popen([sys.executable, manage, *command], env=environment(**extra))


@contextmanager
def running(*command: str, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is stopped when the block ends."""
    process = start(*command, **extra)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Return when the condition holds; fail the test with `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            message = f"{what}: not within {seconds} s"
            raise AssertionError(message)
        time.sleep(0.1)
