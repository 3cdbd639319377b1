"""Is the site whole? Five questions for monitoring, answered without any tenant's data."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from assets.storage import archive_storage
from generation.queries.machines import troubles_now
from generation.queries.workers import seconds_since_beat
from generation.types import Trouble


@dataclass(frozen=True, slots=True)
class Health:
    """What works. `worker_seconds` is how long ago a worker was last seen, `None` for never.

    `troubles` is what else keeps pictures from being made: an operator's pause, an open breaker.
    They leave the site whole, but somebody should know.
    """

    database: bool
    redis: bool
    archive: bool
    worker_seconds: float | None
    troubles: Sequence[Trouble] = ()

    @property
    def worker(self) -> bool:
        """Whether a worker is there now."""
        limit = settings.WORKER_LOST_AFTER_SECONDS
        return self.worker_seconds is not None and self.worker_seconds <= limit

    @property
    def whole(self) -> bool:
        """Whether everything works that a picture needs on its way."""
        return self.database and self.redis and self.archive and self.worker

    @property
    def status(self) -> str:
        """`ok`, `attention` when an operator should look at the workers, or `degraded`."""
        if not self.whole:
            return "degraded"
        return "attention" if self.troubles else "ok"

    def as_json(self) -> dict[str, Any]:
        """The answer of `/healthz`."""
        seconds = self.worker_seconds
        return {
            "status": self.status,
            "database": self.database,
            "redis": self.redis,
            "archive": self.archive,
            "worker": self.worker,
            "worker_seen_seconds_ago": None if seconds is None else round(seconds, 1),
            "all_workers_paused": Trouble.ALL_PAUSED in self.troubles,
            "breaker_open": Trouble.BREAKER_OPEN in self.troubles,
        }


def health() -> Health:
    """Ask all five; a part that does not answer is `False`, never an exception."""
    database = _works(_ask_database)
    return Health(
        database=database,
        redis=_works(_ask_redis),
        archive=_works(_ask_archive),
        worker_seconds=seconds_since_beat() if database else None,
        troubles=troubles_now() if database else (),
    )


def _works(question: Callable[[], None]) -> bool:
    try:
        question()
    except (DatabaseError, redis.RedisError, OSError):
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    retry = Retry(NoBackoff(), 0)
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=retry
    ) as server:
        server.ping()


def _ask_archive() -> None:
    storage = archive_storage()
    if isinstance(storage, FileSystemStorage):
        require_writable(Path(storage.location))
    else:
        storage.exists("healthz")  # one request to the bucket


def require_writable(directory: Path) -> None:
    """Pass when files can be made in the directory, which may yet have to be made itself.

    Raises:
        PermissionError: this process may not write there.
    """
    while not directory.exists():
        directory = directory.parent
    if not directory.is_dir() or not os.access(directory, os.W_OK | os.X_OK):
        raise PermissionError(f"{directory} is not writable")
