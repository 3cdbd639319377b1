"""Who waits how long: the scheduler beside FIFO and round robin, on the same traces.

    python -m benchmarks.fair_share [--jobs 4000] [--workers 2] [--seed 1]

A trace is an office day in which some people send single pictures all day, some send requests of
four, one sends large batches, and a second organization has a few people of its own. All three
rules get the same jobs at the same times on the same number of workers. Printed are the waits
until a picture starts, in seconds, per kind of person. Below it: what two people get of one GPU
who both always have work waiting, one of them with small pictures and one with large ones.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import statistics
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from generation.costing import UNMEASURED_SECONDS_PER_TFLOP, work_of
from generation.limits import Caps
from generation.scheduling import Candidate, Ledger, Running, RunningJob, in_order

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
CAP = 2
SIZES = [(512, 512), (768, 768), (1024, 1024), (1024, 576)]


@dataclass(frozen=True, slots=True)
class Job:
    """One picture of a trace: when it is asked for, by whom, and what it takes."""

    number: int
    at: float
    organization: int
    person: int
    kind: str
    seconds: float


@dataclass(slots=True)
class Outcome:
    """What a rule made of a trace."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    served: dict[str, float] = field(default_factory=lambda: defaultdict(float))


Rule = Callable[[list[deque[Job]], dict[int, int]], "deque[Job] | None"]


def main() -> None:
    """Make the trace, replay it under each rule, print the table."""
    arguments = _arguments()
    trace = make_trace(random.Random(arguments.seed), arguments.jobs, arguments.workers)
    print(f"{len(trace)} pictures, {arguments.workers} workers, seed {arguments.seed}")
    kinds = sorted({job.kind for job in trace})
    for name, rule in (("FIFO", fifo), ("round robin", RoundRobin()), ("fair share", FairShare())):
        outcome = replay(trace, rule, arguments.workers)
        print(f"\n{name:12} {'pictures':>9} {'median':>9} {'p95':>9} {'longest':>9}")
        for kind in kinds:
            waits = sorted(outcome.waits[kind])
            p95 = waits[int(len(waits) * 0.95)]
            print(
                f"{kind:12} {len(waits):9} {statistics.median(waits):9.1f} {p95:9.1f} "
                f"{waits[-1]:9.1f}"
            )
    print("\nGPU seconds of two people in the first 1,000 of a constant backlog")
    for name, rule in (("FIFO", fifo), ("round robin", RoundRobin()), ("fair share", FairShare())):
        served = replay(constant_backlog(), rule, 1, until=1000).served
        print(f"{name:12} 512 x 512: {served['small']:6.0f}   1024 x 1024: {served['large']:6.0f}")


def constant_backlog() -> list[Job]:
    """Two people with more pictures waiting than a thousand seconds can hold."""
    small, large = _seconds(512, 512, 8), _seconds(1024, 1024, 8)
    jobs = [(1, "small", small), (2, "large", large)] * 2000
    return [Job(number, 0.0, 1, *job) for number, job in enumerate(jobs)]


def make_trace(dice: random.Random, count: int, workers: int) -> list[Job]:
    """About `count` jobs, as many as keep the workers busy for the time that they span."""
    average = statistics.mean(_seconds(width, height, 8) for width, height in SIZES)
    span = count * average / workers / 1.05
    jobs: list[tuple[float, int, int, str, float]] = []
    jobs += _arrivals(dice, span, count // 5, 1, range(1, 9), "singles", 1)
    jobs += _arrivals(dice, span, count // 20, 1, range(9, 14), "fours", 4)
    jobs += _arrivals(dice, span, count // 20, 2, range(20, 24), "other team", 3)
    jobs += _arrivals(dice, span / 2, max(1, count // 500), 1, range(14, 15), "batches", 200)
    jobs.sort()
    return [Job(number, *job) for number, job in enumerate(jobs)]


def replay(trace: list[Job], rule: Rule, workers: int, until: float = math.inf) -> Outcome:
    """Let the rule decide whenever a worker is free, up to a time in seconds."""
    outcome = Outcome()
    lines: dict[int, deque[Job]] = {}
    running: dict[int, int] = defaultdict(int)
    ends: list[tuple[float, int]] = []
    arriving = deque(trace)
    now = 0.0
    while now < until and (arriving or ends or any(lines.values())):
        while arriving and arriving[0].at <= now:
            job = arriving.popleft()
            lines.setdefault(job.person, deque()).append(job)
        waiting = [line for line in lines.values() if line and running[line[0].person] < CAP]
        chosen = rule(waiting, running) if waiting and len(ends) < workers else None
        if chosen:
            job = chosen.popleft()
            outcome.waits[job.kind].append(now - job.at)
            outcome.served[job.kind] += job.seconds
            running[job.person] += 1
            heapq.heappush(ends, (now + job.seconds, job.person))
            continue
        following = [ends[0][0]] if ends else []
        following += [arriving[0].at] if arriving else []
        now = min(following)
        while ends and ends[0][0] <= now:
            running[heapq.heappop(ends)[1]] -= 1
    return outcome


def fifo(waiting: list[deque[Job]], _running: dict[int, int]) -> deque[Job]:
    """Whoever came first."""
    return min(waiting, key=lambda line: line[0].number)


class RoundRobin:
    """Whoever was served longest ago, whatever their pictures take."""

    def __init__(self) -> None:
        self._turn = 0
        self._last: dict[int, int] = {}

    def __call__(self, waiting: list[deque[Job]], _running: dict[int, int]) -> deque[Job]:
        """The line whose person's last turn is the oldest."""
        line = min(waiting, key=lambda each: (self._last.get(each[0].person, 0), each[0].number))
        self._turn += 1
        self._last[line[0].person] = self._turn
        return line


class FairShare:
    """The scheduler of the site, `generation.scheduling`."""

    def __init__(self) -> None:
        self._ledger = Ledger()

    def __call__(self, waiting: list[deque[Job]], running: dict[int, int]) -> deque[Job]:
        """The line that the scheduler chooses, charged to its owners."""
        lines = {UUID(int=line[0].number): line for line in waiting}
        heads = [_candidate(line[0]) for line in waiting]
        organizations = {line[0].person: line[0].organization for line in waiting}
        counts = {
            RunningJob(person, 1, organizations.get(person, 0)): count
            for person, count in running.items()
        }
        chosen = in_order(heads, running=Running.of(counts), ledger=self._ledger)[0]
        self._ledger.charge(chosen)
        return lines[chosen.job_id]


def _candidate(job: Job) -> Candidate:
    return Candidate(
        job_id=UUID(int=job.number),
        organization_id=job.organization,
        person_id=job.person,
        project_id=1,
        queued_at=BEGIN + timedelta(seconds=job.at),
        seconds=job.seconds,
        project_caps=Caps(per_person=CAP),
    )


def _arrivals(
    dice: random.Random,
    span: float,
    requests: int,
    organization: int,
    people: range,
    kind: str,
    pictures: int,
) -> Iterator[tuple[float, int, int, str, float]]:
    for _ in range(requests):
        at, person = dice.uniform(0, span), dice.choice(people)
        width, height = dice.choice(SIZES)
        for _ in range(pictures):
            yield at, organization, person, kind, _seconds(width, height, 8)


def _seconds(width: int, height: int, steps: int) -> float:
    return work_of(width=width, height=height, steps=steps, cfg=1) * UNMEASURED_SECONDS_PER_TFLOP


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=4000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
