"""A trace under a rule: whenever a worker is free, the rule decides what it does next."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from benchmarks.office_day import CAP, Job, candidate_of
from generation.scheduling import (
    Ledger,
    Running,
    RunningJob,
    in_order,
    passed_over_after,
    with_affinity,
)

Lines = Mapping[tuple[int, int], "deque[Job]"]


@dataclass(slots=True)
class Seat:
    """One worker of the replay."""

    number: int
    resident: int | None = None
    passed_over: float = 0.0
    free_since: float = 0.0


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """One job on one worker, from when to when, in seconds from the beginning of the day."""

    end: float
    number: int
    start: float = field(compare=False)
    job: Job = field(compare=False)
    seat: Seat = field(compare=False)
    changed_model: bool = field(compare=False, default=False)


class Rule(Protocol):
    """Who is next."""

    def __call__(
        self, waiting: Sequence[deque[Job]], running: Sequence[Run], seat: Seat
    ) -> deque[Job]:
        """One of the lines, whose first job the worker starts."""


@dataclass(slots=True)
class Outcome:
    """What a rule made of a trace: how long each kind of person waited and what it got."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    served: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    starts: dict[int, float] = field(default_factory=dict)
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """How things stand when somebody has just asked."""

    now: float
    job: Job
    lines: Lines
    running: Sequence[Run]
    seats: Sequence[Seat]
    finished: Sequence[Run]


def replay(
    trace: Sequence[Job],
    rule: Rule,
    workers: int,
    *,
    until: float = math.inf,
    seconds: Callable[[Job], float] = lambda job: job.seconds,
    change_seconds: float = 0.0,
    asked: Callable[[Moment], None] = lambda _moment: None,
) -> Outcome:
    """Replay the trace up to a time.

    `seconds` is how long a job really takes, `change_seconds` how much longer when its worker has
    another model loaded. `asked` is called for every job, once all of its request are in line.
    """
    outcome = Outcome()
    lines: dict[tuple[int, int], deque[Job]] = {}
    seats = [Seat(number) for number in range(workers)]
    runs: list[Run] = []
    finished: list[Run] = []
    arriving = deque(trace)
    now = 0.0
    while now < until and (arriving or runs or any(lines.values())):
        arrived = []
        while arriving and arriving[0].at <= now:
            arrived.append(arriving.popleft())
            lines.setdefault((arrived[-1].person, arrived[-1].model), deque()).append(arrived[-1])
        for job in arrived:
            asked(Moment(now, job, lines, runs, seats, finished))
        while started := _start(lines, runs, seats, rule, now, seconds, change_seconds):
            outcome.waits[started.job.kind].append(now - started.job.at)
            outcome.served[started.job.kind] += started.job.seconds
            outcome.starts[started.job.number] = now
            outcome.changes += started.changed_model
        following = [runs[0].end] if runs else []
        following += [arriving[0].at] if arriving else []
        if not following:
            break
        now = min(following)
        while runs and runs[0].end <= now:
            finished.append(heapq.heappop(runs))
            finished[-1].seat.free_since = now
    return outcome


def _start(
    lines: Lines,
    runs: list[Run],
    seats: Sequence[Seat],
    rule: Rule,
    now: float,
    seconds: Callable[[Job], float],
    change_seconds: float,
) -> Run | None:
    busy = {run.seat.number for run in runs}
    free = sorted(
        (seat for seat in seats if seat.number not in busy), key=lambda seat: seat.free_since
    )
    of_person: dict[int, int] = defaultdict(int)
    for run in runs:
        of_person[run.job.person] += 1
    waiting = [line for line in lines.values() if line and of_person[line[0].person] < CAP]
    if not free or not waiting:
        return None
    seat = free[0]
    job = rule(waiting, runs, seat).popleft()
    changed = seat.resident != job.model
    seat.resident = job.model
    takes = seconds(job) + (change_seconds if changed else 0.0)
    run = Run(now + takes, job.number, now, job, seat, changed)
    heapq.heappush(runs, run)
    return run


def fifo(waiting: Sequence[deque[Job]], _running: Sequence[Run], _seat: Seat) -> deque[Job]:
    """Whoever came first."""
    return min(waiting, key=lambda line: line[0].number)


class RoundRobin:
    """Whoever was served longest ago, whatever their pictures take."""

    def __init__(self) -> None:
        self._turn = 0
        self._last: dict[int, int] = {}

    def __call__(
        self, waiting: Sequence[deque[Job]], _running: Sequence[Run], _seat: Seat
    ) -> deque[Job]:
        """The line whose person's last turn is the oldest."""
        line = min(waiting, key=lambda each: (self._last.get(each[0].person, 0), each[0].number))
        self._turn += 1
        self._last[line[0].person] = self._turn
        return line


class FairShare:
    """The scheduler of the site, `generation.scheduling`."""

    def __init__(self, *, affinity: bool = True) -> None:
        self.ledger = Ledger()
        self._affinity = affinity

    def __call__(
        self, waiting: Sequence[deque[Job]], running: Sequence[Run], seat: Seat
    ) -> deque[Job]:
        """The line that the scheduler chooses, charged to its owners."""
        lines = {UUID(int=line[0].number): line for line in waiting}
        order = in_order(
            [candidate_of(line[0]) for line in waiting],
            running=Running(whose(run.job) for run in running),
            ledger=self.ledger,
        )
        ahead = order
        if self._affinity:
            ahead = with_affinity(order, resident=seat.resident, passed_over=seat.passed_over)
        chosen = ahead[0]
        seat.passed_over = passed_over_after(
            chosen, order, resident=seat.resident, passed_over=seat.passed_over
        )
        self.ledger.charge(chosen)
        return lines[chosen.job_id]


def whose(job: Job) -> RunningJob:
    """The job as caps count it."""
    return RunningJob(job.person, 1, job.organization)
