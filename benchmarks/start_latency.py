"""How long an idle worker takes to begin: from the ask to the engine, beside plain RQ and a loop.

    python -m benchmarks.start_latency [--pictures 60]

One picture at a time, each after the one before it is archived. Ours is measured from before
`request_images`, which is what a form calls: permission, limits, rows, audit, commit, ticket, the
fair choice, engine. The others put a number into Redis and are measured from there. Half of what is
printed as ours happens in the web process; `asked` is that half.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("BENCH_SECONDS", "0.05")
os.environ.setdefault("BENCH_SIDE", "256")

import statistics
import time
from collections.abc import Callable

from benchmarks.site import (  # sets up Django
    STAMPS,
    ask,
    forget,
    load,
    site,
    wait_for,
    wait_until_drawn,
    workers,
)

# isort: split
from accounts.models import User
from benchmarks import plain_workers
from benchmarks.sleeping_engine import read_stamps


def main() -> None:
    """Measure all of them and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=60)
    count = parser.parse_args().pictures
    with site(5) as people:
        print(f"{count} pictures, one after the other, {load()}\n")
        print(f"{'milliseconds until the start':28} {'p50':>8} {'p95':>8} {'ratio':>8}")
        asked, started = _ours(people, count)
        rq = _plain("rq", plain_workers.enqueue_rq, count)
        loop = _plain("brpop", plain_workers.enqueue_brpop, count)
        least = statistics.median(loop)
        for name, seconds in (
            ("Atelier", started),
            ("  of which asked", asked),
            ("RQ SimpleWorker", rq),
            ("BRPOP loop", loop),
        ):
            p50, p95 = statistics.median(seconds), sorted(seconds)[int(len(seconds) * 0.95)]
            print(f"{name:28} {p50 * 1000:8.1f} {p95 * 1000:8.1f} {p50 / least:8.1f}")


def _ours(people: list[User], count: int) -> tuple[list[float], list[float]]:
    forget()
    asked, started = [], []
    with workers(1):
        for number in range(count):
            began = time.monotonic()
            ask(people[number % len(people)])
            asked.append(time.monotonic() - began)
            stamps = wait_until_drawn(number + 1)
            started.append(stamps[-1].began - began)
            time.sleep(0.1)
    return asked, started


def _plain(loop: str, enqueue: Callable[..., None], count: int) -> list[float]:
    forget()
    started = []
    with plain_workers.running(loop):
        for number in range(count):
            began = time.monotonic()
            enqueue(number, with_renditions=True)
            wait_for(lambda drawn=number + 1: len(read_stamps(STAMPS)) == drawn, seconds=30)
            started.append(read_stamps(STAMPS)[-1].began - began)
            time.sleep(0.1)
    return started[1:]  # the first one waited for the process


if __name__ == "__main__":
    main()
