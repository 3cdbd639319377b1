"""One queue, 1, 2 and 4 worker processes: does each picture take its turn once, and do they add up?

    python -m benchmarks.many_workers [--pictures 40]

Each process has a sleeping engine of its own (0.5 s for a picture of 256 x 256: small, so that what
is compared is the queue and not how many cores pack PNGs). Printed are pictures per minute, how
many times as many as with one worker, and the busy share of the engines.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("BENCH_SECONDS", "0.5")
os.environ.setdefault("BENCH_SIDE", "256")

from collections import defaultdict

from benchmarks.site import (  # sets up Django
    ask_in_turn,
    forget,
    load,
    site,
    wait_until_drawn,
    workers,
)

# isort: split
from accounts.models import User
from assets.models import Image
from benchmarks.sleeping_engine import Stamp

SECONDS = float(os.environ["BENCH_SECONDS"])


def main() -> None:
    """Run the same backlog with more and more workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=40, help="for each worker")
    each = parser.parse_args().pictures
    first = None
    with site(8) as people:
        print(f"{each} pictures of {SECONDS} s for each worker, {load()}\n")
        print(f"{'workers':>7} {'a minute':>9} {'times':>6} {'busy':>7}  pictures of each")
        for count in (1, 2, 4):
            stamps = _draw(people, count, each * count)
            share: dict[int, int] = defaultdict(int)
            for stamp in stamps:
                share[stamp.process] += 1
            wall = max(stamp.ended for stamp in stamps) - stamps[0].began
            rate = len(stamps) / wall * 60
            first = first or rate
            busy = sum(stamp.ended - stamp.began for stamp in stamps) / wall / count
            print(
                f"{count:7} {rate:9.1f} {rate / first:6.2f} {busy:7.1%}  "
                f"{', '.join(str(number) for number in sorted(share.values()))}"
            )
        print("\nevery picture was drawn once and archived once")


def _draw(people: list[User], processes: int, count: int) -> list[Stamp]:
    forget()
    archived = Image.objects.count()
    with workers(processes):
        ask_in_turn(people, count)
        stamps = wait_until_drawn(count)
    if len(stamps) != count or Image.objects.count() != archived + count:
        raise AssertionError("not every picture was drawn once and archived once")
    return stamps


if __name__ == "__main__":
    main()
