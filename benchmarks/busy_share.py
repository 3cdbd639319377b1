"""How much of the time the GPU works while pictures wait: ours beside plain RQ and a bare loop.

    python -m benchmarks.busy_share [--pictures 60] [--people 5]

Everybody draws with the same sleeping engine (0.2 s for a picture of 1024 x 1024, eight steps) and
packs PNG with the same settings. Ours is a real worker process with its database (SQLite), queue
(Redis) and archive: fair choice, progress, two renditions, provenance, rows. The others take a job
from Redis, draw, save and take the next; once with the PNG only and once with the same two
renditions.

`busy` is the engine's share of the time between the first and the last beginning, `gap` is what
passes between two pictures, and `ratio` compares the pictures per minute with those of an engine
that never waits.
"""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.site import (  # sets up Django
    STAMPS,
    ask_in_turn,
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
from benchmarks.sleeping_engine import Stamp, read_stamps

SECONDS = float(os.environ["BENCH_SECONDS"])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    stamps: list[Stamp]

    def print(self) -> None:
        """The line."""
        gaps = sorted(b.began - a.ended for a, b in zip(self.stamps, self.stamps[1:], strict=False))
        wall = self.stamps[-1].began - self.stamps[0].began
        rate = (len(self.stamps) - 1) / wall * 60
        print(
            f"{self.name:28} {1 - sum(gaps) / wall:7.1%} {statistics.median(gaps) * 1000:9.1f} "
            f"{gaps[int(len(gaps) * 0.95)] * 1000:9.1f} {rate:9.1f} {rate * SECONDS / 60:7.2f}"
        )


def main() -> None:
    """Run all of them one after the other and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--people", type=int, default=5)
    arguments = parser.parse_args()
    count = arguments.pictures
    with site(arguments.people) as people:
        print(f"{count} pictures of {SECONDS} s each, {arguments.people} people, {load()}\n")
        print(
            f"{'':28} {'busy':>7} {'gap p50':>9} {'gap p95':>9} {'pictures':>9} {'ratio':>7}\n"
            f"{'':28} {'':>7} {'ms':>9} {'ms':>9} {'a minute':>9}"
        )
        Row("Atelier", _ours(people, count)).print()
        for name, loop, enqueue in (
            ("RQ SimpleWorker", "rq", plain_workers.enqueue_rq),
            ("BRPOP loop", "brpop", plain_workers.enqueue_brpop),
        ):
            for files, with_renditions in (("PNG only", False), ("same files", True)):
                stamps = _plain(loop, enqueue, count, with_renditions=with_renditions)
                Row(f"{name}, {files}", stamps).print()


def _ours(people: list[User], count: int) -> list[Stamp]:
    forget()
    with workers(1):
        ask_in_turn(people, count)
        return wait_until_drawn(count)


def _plain(
    loop: str, enqueue: Callable[..., None], count: int, *, with_renditions: bool
) -> list[Stamp]:
    forget()
    for seed in range(count):
        enqueue(seed, with_renditions=with_renditions)
    with plain_workers.running(loop):
        wait_for(lambda: len(read_stamps(STAMPS)) == count, seconds=count * 5)
    return read_stamps(STAMPS)


if __name__ == "__main__":
    main()
