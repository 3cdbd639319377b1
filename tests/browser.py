"""A real server and a real Chromium for the tests that need them.

`asgi_server` is the address of the site behind uvicorn, static files and live events included; the
fixtures of pytest-playwright (`page`, `browser`, `context`) drive Debian's Chromium.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
REQUIRED = os.environ.get("ATELIER_REQUIRE_BROWSER") == "1"
SWITCHES = [
    "--no-sandbox",  # root, as in CI, has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive a browser, and skip them where there is none and none is required.

    Where one is required and missing they run, and fail at launch with its path. They come last:
    Playwright leaves a loop running in this thread, and others want to run one of their own.
    """
    missing = not Path(CHROMIUM).exists() and not REQUIRED
    skip = pytest.mark.skip(reason="no Chromium: apt-get install chromium, or set CHROMIUM")
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(skip)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one, and quiet."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": SWITCHES}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A laptop's window, and no animation to wait for."""
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-US",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def asgi_server(transactional_db: None) -> Iterator[str]:
    """Address of the site, served as in service but from a thread: events arrive as they happen.

    Tests change rows that the server's threads must see, hence real transactions.
    """
    from portal.asgi import application  # noqa: PLC0415  # needs Django to be set up

    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        ASGIStaticFilesHandler(application), lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True  # open event streams are not waited for
    thread.join(10)
    listening.close()
    assert not thread.is_alive()
