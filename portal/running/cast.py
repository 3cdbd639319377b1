"""Who is started: the plans of the site's processes."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

from portal import embedded_redis
from portal.running.process import Plan

MANAGE = str(Path(settings.BASE_DIR) / "manage.py")


def redis(lock: int) -> Plan:
    """The embedded Redis; it goes last, because the others say goodbye through it."""
    command = embedded_redis.command(redis_directory())
    return Plan("redis", tuple(command), stop_order=3, keep_open=(lock,))


def redis_directory() -> Path:
    """Where the embedded Redis keeps its file and its socket."""
    return Path(settings.DATA_DIR) / "redis"


def brings_its_own_redis() -> bool:
    """Whether no other Redis was configured."""
    return bool(embedded_redis.url_of(redis_directory()) == settings.REDIS_URL)


def web(listening: int, lock: int) -> list[Plan]:
    """The web processes, all on one listening socket."""
    command = (sys.executable, "-m", "portal.running.web", str(listening))
    count = settings.WEB_PROCESSES
    names = ["web"] if count == 1 else [f"web-{number}" for number in range(1, count + 1)]
    return [Plan(name, command, stop_order=0, keep_open=(listening, lock)) for name in names]


def background(lock: int) -> list[Plan]:
    """The worker, which may need a moment to hand its picture back, and the dispatcher."""
    return [
        Plan("worker", _manage("gpu_worker"), stop_order=1, stop_seconds=15, keep_open=(lock,)),
        Plan("dispatcher", _manage("dispatcher"), stop_order=2, keep_open=(lock,)),
    ]


def _manage(command: str) -> tuple[str, ...]:
    return (sys.executable, MANAGE, command)
