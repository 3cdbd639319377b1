"""Who waits how long: the scheduler beside FIFO and round robin, on the same office days.

    python -m benchmarks.fair_share [--jobs 4000] [--workers 2] [--seed 1]

Printed are

1. the waits until a picture starts, in seconds, per kind of person, under each rule;
2. what two people get of one GPU who both always have work waiting, one of them with small pictures
   and one with large ones;
3. with three models in use, how often a worker changes its model and what everybody waits, with
   affinity and without;
4. the worst that happened to somebody who had nothing so far and asks while others have had
   something and have 200 pictures waiting: how many of those started before, and how much longer
   it took than the first of the running pictures.
"""

from __future__ import annotations

import argparse
import random
import statistics
from dataclasses import dataclass

from benchmarks.office_day import BATCH, CAP, SIZES, Job, estimate, make_trace
from benchmarks.replaying import FairShare, Moment, Outcome, RoundRobin, Rule, fifo, replay
from generation.scheduling import AFFINITY_SECONDS

CHANGE_SECONDS = 12.0
TRIES = 300


def main() -> None:
    """Make the traces, replay them, print the tables."""
    arguments = _arguments()
    trace = make_trace(random.Random(arguments.seed), arguments.jobs, arguments.workers)
    print(f"{len(trace)} pictures, {arguments.workers} workers, seed {arguments.seed}")
    for name, rule in _rules():
        _print_waits(name, replay(trace, rule, arguments.workers))
    print("\nGPU seconds of two people in the first 1,000 of a constant backlog")
    for name, rule in _rules():
        served = replay(_constant_backlog(), rule, 1, until=1000).served
        print(f"{name:12} 512 x 512: {served['small']:6.0f}   1024 x 1024: {served['large']:6.0f}")
    _print_models(arguments)
    _print_newcomers(arguments.seed)


def _rules() -> list[tuple[str, Rule]]:
    return [("FIFO", fifo), ("round robin", RoundRobin()), ("fair share", FairShare())]


def _constant_backlog() -> list[Job]:
    """Two people with more pictures waiting than a thousand seconds can hold."""
    small, large = estimate(512, 512), estimate(1024, 1024)
    jobs = [(1, "small", small), (2, "large", large)] * 2000
    return [Job(number, 0.0, 1, *job) for number, job in enumerate(jobs)]


def _print_models(arguments: argparse.Namespace) -> None:
    trace = make_trace(random.Random(arguments.seed), arguments.jobs, arguments.workers, models=3)
    print(f"\nThree models, {CHANGE_SECONDS:.0f} s to load one")
    for name, affinity in (("no affinity", False), ("affinity", True)):
        outcome = replay(
            trace,
            FairShare(affinity=affinity),
            arguments.workers,
            change_seconds=CHANGE_SECONDS,
        )
        _print_waits(name, outcome)
        print(f"{'':12} {outcome.changes} changes of models")


def _print_waits(name: str, outcome: Outcome) -> None:
    print(f"\n{name:12} {'pictures':>9} {'median':>9} {'p95':>9} {'longest':>9}")
    for kind, unordered in sorted(outcome.waits.items()):
        waits = sorted(unordered)
        p95 = waits[int(len(waits) * 0.95)]
        print(
            f"{kind:12} {len(waits):9} {statistics.median(waits):9.1f} {p95:9.1f} {waits[-1]:9.1f}"
        )


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What became of one who came while somebody else had many waiting."""

    started_before: int
    waited: float
    first_to_end: float


def _print_newcomers(seed: int) -> None:
    print(f"\nA newcomer beside {BATCH} waiting pictures of somebody else, the worst of {TRIES}")
    dice = random.Random(seed)
    for workers in (1, 2, 4):
        for name, models in (("one model", 1), ("another model", 2)):
            found = [_newcomer(dice, workers, models) for _ in range(TRIES)]
            print(
                f"{workers} workers, {name:13}: "
                f"{max(each.started_before for each in found):3} others started before, "
                f"waited {max(each.waited for each in found):5.1f} s, "
                f"{max(each.waited - each.first_to_end for each in found):5.1f} s more than "
                f"the first running picture took to end"
            )
    print(f"The bound: none and 0 s; for another model {AFFINITY_SECONDS:.0f} s of each worker.")


def _newcomer(dice: random.Random, workers: int, models: int) -> Newcomer:
    """One try, with as many hogs as can keep all workers busy within their caps."""
    hogs = max(1, workers // CAP)
    crowd = [
        Job(number, 0.0, 1, 2 + number % hogs, "hog", estimate(*dice.choice(SIZES)))
        for number in range(BATCH)
    ]
    at = dice.uniform(1.0, 60.0)
    new = Job(BATCH, at, 1, 1, "newcomer", estimate(*dice.choice(SIZES)), model=models)
    ends: list[float] = []

    def note(moment: Moment) -> None:
        if moment.job is new:
            ends.extend(run.end - moment.now for run in moment.running)

    outcome = replay([*crowd, new], FairShare(), workers, asked=note)
    start = outcome.starts[new.number]
    between = [each for each in outcome.starts.values() if at <= each < start]
    return Newcomer(len(between), start - at, min(ends, default=0.0))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=4000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
