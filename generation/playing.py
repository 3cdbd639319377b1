"""The scheduler played forward in seconds. Pure.

The rules that pick the next job are asked again and again (`scheduling.in_order`, then
`with_affinity`), for several workers of which each can do its kinds of jobs: whenever one is free
it takes what the claim would give it, and whenever nothing can start the play goes on to what
happens next: a job ends, a time to start comes, hours begin, a quota starts anew, the pause of a
model is over, somebody new asks.
"""

from __future__ import annotations

import copy
import heapq
import math
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple
from uuid import UUID

from generation.gates import Gates
from generation.pacing import Spread
from generation.scene import Newcomer, Scene, Server, Waiting, WaitingLine
from generation.scheduling import (
    Candidate,
    Running,
    RunningJob,
    in_order,
    passed_over_after,
    with_affinity,
)
from generation.types import JobLane

# Of jobs that are not known yet, for each one that is.
MOST_NEWCOMERS = 3


class Path(NamedTuple):
    """How a moment comes about: by the clock at `base`, then by jobs with these squared errors."""

    base: float = 0.0
    early: float = 0.0
    late: float = 0.0

    def after(self, takes: Spread) -> Path:
        """The way on, through one more job; independent errors add up as their squares do."""
        early, likely, late = takes
        return Path(self.base, self.early + (likely - early) ** 2, self.late + (late - likely) ** 2)


class Moment(NamedTuple):
    """A moment of the play, in seconds from now, and how it comes about."""

    at: float
    way: Path


@dataclass(frozen=True, slots=True)
class Start:
    """A start in the play, counted from 1, and the end of the job."""

    number: int
    starts: Moment
    done: Moment


def play(
    scene: Scene,
    *,
    newcomers: Iterable[Newcomer] = (),
    up_to: int,
    wanted: Collection[UUID] | None = None,
) -> dict[UUID, Start]:
    """The first `up_to` starts; those of newcomers are not counted and not told.

    With `wanted` the play ends when it knows about these. `newcomers` are in the order in which
    they ask.
    """
    stage = _Stage(scene, newcomers)
    missing = None if wanted is None else set(wanted)
    while stage.number < up_to and (missing is None or missing):
        started = stage.start_next()
        if started is not None and missing is not None:
            missing.discard(started)
        if stage.strangers > MOST_NEWCOMERS * up_to:
            break
        if started is None and not stage.go_on():
            break
    return stage.found


class _End(NamedTuple):
    """A job that runs in the play."""

    at: float
    order: int
    way: Path
    job: RunningJob
    server: int | None


@dataclass(slots=True)
class _Seat:
    """A server in the play."""

    server: Server
    resident: int | None
    passed_over: float


class _Line:
    """A line in the play: its head moves back as jobs start."""

    def __init__(self, line: WaitingLine, gates: Gates) -> None:
        self.demand_id = line.demand_id
        self.not_before = line.not_before
        self.head = line.jobs[0]
        self.model_id = self.head.candidate.model_id
        self._gate = gates.of(self.head.candidate)
        # Asked for every line at every moment of the play.
        self._may_wait = (
            not self._gate.is_always_open or self._gate.opens(self.head.candidate, 0.0) > 0
        )
        self._next = deque(line.jobs[1:])
        self._unread = line.unread

    def opens(self, at: float) -> float:
        """The first moment from `at` on at which the policies let the head start."""
        at = max(at, self.not_before)
        return self._gate.opens(self.head.candidate, at) if self._may_wait else at

    def start(self, at: float) -> None:
        """The head starts."""
        self._gate.pass_through(self.head.candidate, at)

    def move_up(self) -> bool:
        """The head has started; whether there is another one."""
        if self._next:
            self.head = self._next.popleft()
        elif self._unread:
            self._unread -= 1
        else:
            return False
        return True

    def join(self, job: Waiting) -> None:
        """Somebody new stands at the end, unless that is too far away to see."""
        if not self._unread:
            self._next.append(job)


class _Stage:
    def __init__(self, scene: Scene, newcomers: Iterable[Newcomer]) -> None:
        self.found: dict[UUID, Start] = {}
        self.number = 0
        self.strangers = 0
        self._newcomers = iter(newcomers)
        self._next_one = next(self._newcomers, None)
        self._new: set[UUID] = set()
        self._gates = scene.gates.anew()
        self._lines = [_Line(line, self._gates) for line in scene.lines if line.jobs]
        self._joined: dict[tuple[int, int, JobLane, int], _Line] = {}
        self._seats = [_Seat(each, each.resident, each.passed_over) for each in scene.servers]
        self._ledger = copy.deepcopy(scene.ledger)
        self._pace = scene.pace
        self._now, self._way = 0.0, Path()
        self._running = Running()
        self._ends: list[_End] = []
        self._order = count()
        free = set(range(len(self._seats)))
        for each in scene.running:
            self._running.add(each.job)
            self._end_at(Moment(each.ends.likely, Path().after(each.ends)), each.job, each.server)
            free.discard(-1 if each.server is None else each.server)
        self._free = sorted(free)  # the one that has been free for longest first

    def start_next(self) -> UUID | None:
        """Start a job on one of the free servers, if one of them can; tell which."""
        for number in self._free:
            seat = self._seats[number]
            heads = {line.head.candidate.job_id: line for line in self._startable(seat)}
            order = in_order(
                [line.head.candidate for line in heads.values()],
                running=self._running,
                ledger=self._ledger,
            )
            if order:
                ahead = with_affinity(order, resident=seat.resident, passed_over=seat.passed_over)
                self._start(number, heads[ahead[0].job_id], order)
                return ahead[0].job_id
        return None

    def go_on(self) -> bool:
        """To the next moment at which something may have become possible; whether there is one."""
        later = min(self._moments(), default=math.inf)
        if math.isinf(later) or not (self._lines or self._next_one):
            return False
        self._now, self._way = later, Path(later)
        while self._next_one and self._next_one.at <= later:
            self._join(self._next_one)
            self._next_one = next(self._newcomers, None)
        if self._ends and self._ends[0].at <= later:
            self._way = self._ends[0].way
        while self._ends and self._ends[0].at <= later:
            end = heapq.heappop(self._ends)
            self._running.remove(end.job)
            if end.server is not None and end.server not in self._free:
                self._free.append(end.server)
        return True

    def _startable(self, seat: _Seat) -> Iterator[_Line]:
        for line in self._lines:
            if (
                line.demand_id in seat.server.demands
                and seat.server.paused.get(line.model_id, 0.0) <= self._now
                and line.opens(self._now) <= self._now
            ):
                yield line

    def _start(self, number: int, line: _Line, order: Sequence[Candidate]) -> None:
        seat, job = self._seats[number], line.head
        chosen = job.candidate
        seat.passed_over = passed_over_after(
            chosen, order, resident=seat.resident, passed_over=seat.passed_over
        )
        takes = job.takes
        if seat.resident != chosen.model_id:
            takes = takes.later(self._pace.change_seconds(chosen.model_id))
            seat.resident = chosen.model_id
        self._free.remove(number)
        self._ledger.charge(chosen)
        line.start(self._now)
        whose = RunningJob(chosen.person_id, chosen.project_id, chosen.organization_id)
        self._running.add(whose)
        done = Moment(self._now + takes.likely, self._way.after(takes))
        self._end_at(done, whose, number)
        self._note(chosen.job_id, done)
        if not line.move_up():
            self._lines.remove(line)

    def _note(self, job_id: UUID, done: Moment) -> None:
        if job_id in self._new:
            self.strangers += 1
            return
        self.number += 1
        # Those that nobody looked at go by the name of the last one that is known.
        starts = Moment(self._now, self._way)
        self.found.setdefault(job_id, Start(self.number, starts, done))

    def _end_at(self, done: Moment, job: RunningJob, server: int | None) -> None:
        heapq.heappush(self._ends, _End(done.at, next(self._order), done.way, job, server))

    def _join(self, new: Newcomer) -> None:
        candidate = new.job.candidate
        self._new.add(candidate.job_id)
        key = candidate.person_id, candidate.project_id, candidate.lane, new.demand_id
        line = self._joined.get(key)
        if line is not None and line in self._lines:
            line.join(new.job)
        else:
            joined = WaitingLine(demand_id=new.demand_id, jobs=[new.job])
            self._joined[key] = _Line(joined, self._gates)
            self._lines.append(self._joined[key])

    def _moments(self) -> Iterator[float]:
        """When something happens next."""
        if self._ends:
            yield max(self._ends[0].at, self._now)
        if self._next_one:
            yield max(self._next_one.at, self._now)
        free = [self._seats[number].server for number in self._free]
        for line in self._lines:
            opens = line.opens(self._now)
            if opens > self._now:
                yield opens
            for server in free:
                if server.paused and line.demand_id in server.demands:
                    until = server.paused.get(line.model_id, 0.0)
                    if until > self._now:
                        yield until
