"""The site: web, workers, dispatcher and a Redis, each started again as soon as it is dead."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection, connections

from portal.embedded_redis import command as redis_command
from portal.embedded_redis import url_of, wait_until_ready
from tests.generation.processes import environment

WORKERS = 3


class ChaosSite:
    """Processes by name; `kill` and the other methods are what may happen to them."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.redis_url = url_of(directory / "redis")
        self._environment = environment(
            DJANGO_SETTINGS_MODULE="tests.generation.chaos.settings",
            CHAOS_DIR=str(directory),
            CHAOS_SEED=str(seed),
            REDIS_URL=self.redis_url,
            ATELIER_JOB_MAX_ATTEMPTS="100",
            ATELIER_JOB_TIME_LIMIT_SECONDS="4",
            ATELIER_WORKER_LOST_AFTER_SECONDS="8",
            ATELIER_LOG_LEVEL="CRITICAL",
        )
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        self._commands = {
            "web": [sys.executable, "-m", "portal.running.web", str(self._listening.fileno())],
            "dispatcher": [*manage, "dispatcher"],
            **{f"worker-{number}": [*manage, "gpu_worker"] for number in range(WORKERS)},
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._redis: subprocess.Popen[bytes] | None = None
        self._ended = threading.Event()
        self._keeper = threading.Thread(target=self._keep_alive, daemon=True)

    def start(self) -> None:
        """Start everything; what dies from now on is started again."""
        self._start_redis()
        self._keeper.start()

    def stop(self) -> None:
        """Stop everything, workers first, so that they hand back what they hold."""
        self._ended.set()
        self._keeper.join()
        for name in [*sorted(self._processes, reverse=True)]:
            self._processes[name].send_signal(signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._redis:
            self._redis.kill()
            self._redis.wait()
        self._listening.close()

    def kill(self, name: str) -> None:
        """`kill -9`."""
        process = self._processes.get(name)
        if process and process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)

    def wipe_redis(self) -> None:
        """`FLUSHALL`."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def stop_redis_for(self, seconds: float) -> None:
        """Redis is gone, and comes back with what it had."""
        if self._redis:
            self._redis.kill()
            self._redis.wait()
        time.sleep(seconds)
        self._start_redis()

    def stop_database_for(self, seconds: float) -> None:
        """Nobody can write (SQLite), or nobody can connect and everybody is thrown out."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("BEGIN EXCLUSIVE")
                time.sleep(seconds)
                cursor.execute("ROLLBACK")
            return
        name = connection.settings_dict["NAME"]
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            time.sleep(seconds)
            cursor.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')

    def fill_disk_for(self, seconds: float) -> None:
        """No file can be written."""
        marker = self.directory / "disk-full"
        marker.touch()
        time.sleep(seconds)
        marker.unlink()

    def turn_clock(self, seconds: float) -> None:
        """All processes have a clock that is off by this much."""
        (self.directory / "clock").write_text(str(seconds))

    def _start_redis(self) -> None:
        self._redis = subprocess.Popen(redis_command(self.directory / "redis"))
        wait_until_ready(self.redis_url, self._redis)

    def _keep_alive(self) -> None:
        while not self._ended.wait(0.1):
            for name, line in self._commands.items():
                process = self._processes.get(name)
                if process is None or process.poll() is not None:
                    self._processes[name] = subprocess.Popen(
                        line,
                        env={**self._environment, "ATELIER_WORKER_NAME": name},
                        pass_fds=[self._listening.fileno()],
                        stdout=subprocess.DEVNULL,
                    )
