"""`manage.py serve`, the whole of it, on an empty data directory."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


class Site:
    """A site that runs in processes of its own."""

    def __init__(self, directory: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.directory = directory
        self.log = directory / "log.txt"
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ATELIER_") and name not in {"DATABASE_URL", "REDIS_URL"}
        }
        environment |= {
            "DJANGO_SETTINGS_MODULE": "portal.settings.base",
            "DATA_DIR": str(directory / "data"),
            "PORT": str(self.port),
            "ATELIER_DEMO": "0",
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve"],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page; status 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        except OSError:
            return 0, b""
        finally:
            connection.close()

    def processes(self) -> dict[int, str]:
        """Command lines of all processes that work on the site's data, by process id."""
        mark = f"DATA_DIR={self.directory / 'data'}".encode()
        found: dict[int, str] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    words = (entry / "cmdline").read_bytes().decode().split("\0")
                    found[int(entry.name)] = " ".join(words)
            except OSError:  # it went while we looked
                continue
        return {pid: words for pid, words in found.items() if words}

    def wait_for(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")
            time.sleep(0.1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.kill()
    running.process.wait()
    running.wait_for(lambda: not running.processes())


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc")
def test_site_starts_survives_and_stops(site: Site) -> None:
    site.wait_for(lambda: site.get("/healthz")[0] == 200)
    site.wait_for(lambda: f"http://127.0.0.1:{site.port}/" in site.log.read_text(encoding="utf-8"))
    status, page = site.get("/accounts/login/")
    assert status == 200
    stylesheet = re.search(rb'href="(/static/portal/css/[^"]+\.css)"', page)
    assert stylesheet, page
    assert site.get(stylesheet[1].decode())[0] == 200

    before = site.processes()
    for pid, words in before.items():
        if "gpu_worker" in words or "redis-server" in words or "portal.running.web" in words:
            os.kill(pid, signal.SIGKILL)

    site.wait_for(lambda: site.get("/healthz")[0] == 200 and len(site.processes()) == len(before))
    assert "killed by SIGKILL" in site.log.read_text(encoding="utf-8")

    begun = time.monotonic()
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(30) == 0
    assert time.monotonic() - begun < 15
    assert site.processes() == {}
    assert site.log.read_text(encoding="utf-8").rstrip().endswith("Stopped.")
