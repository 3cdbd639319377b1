"""Who is started: the plans of the site's processes."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from django.conf import settings

from generation.slot_names import device_of, slot_name
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


def workers(lock: int) -> list[Plan]:
    """The workers of this machine, which may need a moment to hand their picture back.

    Each gets the name of its place and its device; the places keep their names over restarts.
    """
    count = settings.WORKERS
    return [
        Plan(
            "worker" if count == 1 else f"worker-{number}",
            _manage("gpu_worker", *_place(number, count)),
            stop_order=1,
            stop_seconds=15,
            keep_open=(lock,),
        )
        for number in range(1, count + 1)
    ]


def dispatcher(lock: int) -> Plan:
    """The process that notices what was lost."""
    return Plan("dispatcher", _manage("dispatcher"), stop_order=2, keep_open=(lock,))


def archivist(lock: int) -> Plan:
    """The process that carries out work on many images."""
    return Plan("archivist", _manage("archivist"), stop_order=1, stop_seconds=15, keep_open=(lock,))


def _place(number: int, count: int) -> tuple[str, ...]:
    slot = slot_name(socket.gethostname(), number, of=count, given=settings.WORKER_NAME)
    device = device_of(number, settings.WORKER_DEVICES)
    return ("--slot", slot, *(("--device", device) if device else ()))


def _manage(*command: str) -> tuple[str, ...]:
    return (sys.executable, MANAGE, *command)
