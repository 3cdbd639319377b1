"""A wall of 5,000 pictures scrolled through in Chromium: is it smooth, is the page small?

    python -m benchmarks.scrolling [--pictures 5000] [--headed]

The site runs as in service (one web process) on a gallery of that many pictures, each with a
thumbnail of its own. The wheel is turned from the newest picture to the oldest and back. Printed
are the cards and elements that are on the page and the memory of its JavaScript on the way, and
from the browser's own trace the tasks of the page's main thread that took more than 50 ms: of
processor time, and by the clock, which on a busy machine also counts the waiting for a processor.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from typing import Any

from benchmarks.site import DIRECTORY, load, site  # sets up Django

# isort: split
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import CDPSession, Page, sync_playwright

from accounts.models import Project, User
from benchmarks.sleeping_engine import noisy_picture
from tests.assets.builders import hang_many

WALL = "document.querySelector('picture-wall')"
LONG = 50_000  # microseconds


def main() -> None:
    """Hang, serve, scroll, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=5000)
    parser.add_argument("--headed", action="store_true")
    options = parser.parse_args()
    with site(1) as people:
        person = people[0]
        hang_many(Project.objects.get(), person, options.pictures, per_day=90, thumb=_thumbnail())
        call_command("compile_translations", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            web = subprocess.Popen(
                [sys.executable, "-m", "portal.running.web", str(listening.fileno())],
                pass_fds=[listening.fileno()],
                stderr=(DIRECTORY / "web.log").open("wb"),
            )
            try:
                _scroll(address, person, options)
            finally:
                web.terminate()
                web.wait(10)


def _thumbnail() -> bytes:
    picture = noisy_picture(480).resize((480, 360))
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=80)
    return file.getvalue()


def _scroll(address: str, person: User, options: argparse.Namespace) -> None:
    # Asked now: inside Playwright's loop Django refuses to ask its database.
    session, project_id = _session_of(person), Project.objects.get().pk
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"],
            headless=not options.headed,
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}]
        )
        page.goto(f"{address}/projects/{project_id}/")
        page.locator(".wall-row").first.wait_for()
        page.wait_for_timeout(2000)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        print(f"{options.pictures} pictures, {load()}\n")
        print("at                 turns  loaded  cards  elements  JS heap")
        browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
        _line(page, devtools, "the beginning", 0)
        most = _turn(page, devtools, options.pictures, way=1)
        most = max(most, _turn(page, devtools, options.pictures, way=-1))
        _tell_tasks(json.loads(browser.stop_tracing()))
        print(f"most cards on the page at once: {most}")
        browser.close()


def _session_of(person: User) -> str:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _turn(page: Page, devtools: CDPSession, pictures: int, *, way: int) -> int:
    """Turn the wheel as one looks through a gallery, until the end; the most cards at once."""
    page.mouse.move(700, 500)
    most, seen, shown = 0, 0, 1
    until = time.monotonic() + 600
    while time.monotonic() < until:
        page.mouse.wheel(0, way * 240)
        page.wait_for_timeout(16)
        state = page.evaluate(
            f"""[{WALL}.querySelectorAll('.card').length, scrollY,
            document.documentElement.scrollHeight - innerHeight - scrollY,
            {WALL}.edges.before, {WALL}.edges.after, {WALL}.items.at(-1).place]"""
        )
        most = max(most, state[0])
        seen += 1
        done = (state[2] < 2 and not state[4]) if way > 0 else (state[1] == 0 and not state[3])
        if way > 0 and shown < 5 and seen % 400 == 0:
            _line(page, devtools, f"after {seen} turns down", seen)
            shown += 1
        if done:
            break
    _line(page, devtools, "the end" if way > 0 else "the top again", seen)
    return most


def _tell_tasks(trace: dict[str, Any]) -> None:
    """What the trace says of the tasks of the page's main thread."""
    events = trace["traceEvents"]
    threads = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"].get("name") == "CrRendererMain"
    }
    tasks = [
        each
        for each in events
        if each["name"].endswith("RunTask")
        and each["ph"] == "X"
        and (each["pid"], each["tid"]) in threads
    ]
    print(f"\n{len(tasks)} tasks of the page; longer than 50 ms:")
    for name, key in (("of processor time", "tdur"), ("by the clock", "dur")):
        long = sorted((each[key] for each in tasks if each.get(key, 0) > LONG), reverse=True)
        longest = max((each.get(key, 0) for each in tasks), default=0) / 1000
        print(f"  {name:18} {len(long):5}   the longest {longest:.0f} ms")


def _line(page: Page, devtools: CDPSession, where: str, seen: int) -> None:
    devtools.send("HeapProfiler.collectGarbage")
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    heap = next(each["value"] for each in metrics if each["name"] == "JSHeapUsedSize") / 1e6
    state: dict[str, Any] = page.evaluate(
        f"""({{cards: {WALL}.querySelectorAll('.card').length, loaded: {WALL}.items.length,
        elements: document.querySelectorAll('*').length}})"""
    )
    print(
        f"{where:18} {seen:5} {state['loaded']:7} {state['cards']:6} {state['elements']:9}"
        f" {heap:6.1f} MB",
        flush=True,
    )


if __name__ == "__main__":
    main()
