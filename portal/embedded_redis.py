"""A real Redis server from a wheel, for machines that have none."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import redis

START_SECONDS = 10


class RedisMissing(Exception):
    """No redis-server was found; the message says what to do."""


def find_server() -> Path:
    """The `redis-server` (or `valkey-server`) to run: the system's, else the one in the wheel.

    Raises:
        RedisMissing: when neither is there.
    """
    beside_python = Path(sys.executable).parent
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name) or shutil.which(name, path=str(beside_python))
        if found:
            return Path(found)
    message = (
        "No Redis server was found. Install one (for example `apt install redis-server`), or run "
        "`make run` on x86-64 Linux where a wheel brings it, or set REDIS_URL to a server you have."
    )
    raise RedisMissing(message)


def command(directory: Path) -> list[str]:
    """The command line of a server that listens on a socket in `directory` and nowhere else.

    Every write is appended to a file that is synced once a second, so a killed server loses
    nothing that it had acknowledged and a power cut at most about a second of tickets; the rows
    behind the tickets are in the database anyway.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        str(find_server()),
        *("--port", "0"),
        *("--unixsocket", str(directory / "redis.sock")),
        *("--unixsocketperm", "700"),
        *("--dir", str(directory)),
        *("--appendonly", "yes"),
        *("--appendfsync", "everysec"),
        *("--save", ""),
        *("--daemonize", "no"),
        *("--loglevel", "warning"),
    ]


def url_of(directory: Path) -> str:
    """What `REDIS_URL` must say for the server of `directory`."""
    return f"unix://{directory / 'redis.sock'}"


def wait_until_ready(url: str, process: subprocess.Popen[bytes] | None = None) -> None:
    """Return when the server answers; raise `RedisMissing` when it does not within ten seconds."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with redis.Redis.from_url(url, socket_timeout=1) as connection:
                connection.ping()
        except redis.RedisError as error:
            ended = process is not None and process.poll() is not None
            if ended or time.monotonic() > deadline:
                message = f"Redis at {url} does not answer: {error}"
                raise RedisMissing(message) from error
            time.sleep(0.02)
        else:
            return
