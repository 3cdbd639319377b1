"""When a waiting job starts and when it is done, as a range. Pure.

The scheduler is played forward twice (`generation.playing`). In the one play nobody joins: that
gives the place in the line, and the earliest that a job may start. In the other the people go on
asking as they did in the last minutes: who has had little goes ahead of who has had much, so that
is when a job will probably start. How much later it may become is told by how far the two are
apart, and by how much pictures of this kind vary (`generation.pacing`): every picture on the way to
a start adds its own spread. A time on the clock, such as the beginning of the working hours, is
certain, and what comes after it counts from there.

`benchmarks.eta_error` measures how far all this is off; `JOINING` and its like come from there.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from generation.playing import Start, play
from generation.scene import Newcomer, Scene, Waiting
from generation.types import JobLane

# Of the time waited: how much sooner and how much later it may be.
LEAVING = 0.15
JOINING = 0.5
# Of what those who join add to the wait: they may be as many again.
AS_MANY_AGAIN = 1.0
# Pictures of this size that may go ahead all of a sudden.
GO_AHEAD = 2.0
# How far ahead people are thought to go on asking, in seconds and in jobs.
LOOK_AHEAD = 3600.0
MOST_ASKS = 600


class Expected(NamedTuple):
    """A moment to come, in seconds from now.

    `latest` is `None` where nobody can say: in a lane that gives way to whoever asks meanwhile.
    """

    earliest: float
    likely: float
    latest: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected of one waiting job; `number` counts the starts from 1."""

    number: int
    starts: Expected
    done: Expected


@dataclass(frozen=True, slots=True)
class Asked:
    """A job that somebody asked for so many seconds ago."""

    ago: float
    demand_id: int
    job: Waiting


def forecast(
    scene: Scene,
    *,
    asked: Sequence[Asked] = (),
    window: float = 0.0,
    up_to: int,
    wanted: Collection[UUID] | None = None,
) -> dict[UUID, Forecast]:
    """What is to be expected of the jobs among the first `up_to` starts.

    `asked` holds every job that was asked for in the last `window` seconds. Jobs that never start
    are left out. With `wanted`, others than these may be missing.
    """
    known = {
        job.candidate.job_id: (job.candidate, line.not_before)
        for line in scene.lines
        for job in line.jobs
    }
    calm = play(scene, up_to=up_to, wanted=wanted)
    busy = calm
    if asked and window > 0:
        busy = play(
            scene,
            newcomers=_go_on_asking(asked, window),
            up_to=up_to,
            wanted=wanted if wanted is None else calm.keys() & set(wanted),
        )
    found = {}
    for job_id, start in calm.items():
        candidate, not_before = known[job_id]
        starts = _starts(start, busy.get(job_id), candidate.lane)
        opens = partial(scene.gates.of(candidate).opens, candidate)
        starts = Expected(
            min(opens(max(starts.earliest, not_before)), starts.likely),
            starts.likely,
            None if starts.latest is None else opens(starts.latest),
        )
        found[job_id] = Forecast(start.number, starts, _done(start, busy.get(job_id), starts))
    return found


def _go_on_asking(asked: Iterable[Asked], window: float) -> Iterator[Newcomer]:
    """The same people ask for the same again, one window later, and again after that."""
    latest = sorted((each for each in asked if 0 <= each.ago < window), key=lambda each: -each.ago)
    rounds = math.ceil(LOOK_AHEAD / window)
    made = 0
    for turn in range(rounds):
        for each in latest:
            if made == MOST_ASKS:
                return
            made += 1
            later = window * (turn + 1)
            candidate = replace(
                each.job.candidate,
                job_id=UUID(int=2**127 + made),
                queued_at=each.job.candidate.queued_at + timedelta(seconds=later),
            )
            yield Newcomer(later - each.ago, each.demand_id, replace(each.job, candidate=candidate))


def _starts(calm: Start, busy: Start | None, lane: JobLane) -> Expected:
    """From the two plays; in the busy one others may go ahead for longer than is looked."""
    waited = calm.starts.at - calm.starts.way.base
    earliest = calm.starts.at - math.sqrt(calm.starts.way.early) - LEAVING * waited
    if busy is None:
        return Expected(max(earliest, calm.starts.way.base), calm.starts.at, None)
    likely = max(calm.starts.at, busy.starts.at)
    latest, waited = likely, likely - busy.starts.way.base
    if waited > 0:
        latest += math.sqrt(busy.starts.way.late) + JOINING * waited
        latest += AS_MANY_AGAIN * (likely - calm.starts.at)
        latest += GO_AHEAD * (busy.done.at - busy.starts.at)
    return Expected(
        min(max(earliest, calm.starts.way.base), likely),
        likely,
        latest if lane == JobLane.INTERACTIVE else None,
    )


def _done(calm: Start, busy: Start | None, starts: Expected) -> Expected:
    """From the start and what the job itself takes, which may be a little less or more."""
    busy = busy or calm
    least, likely = calm.done.at - calm.starts.at, busy.done.at - busy.starts.at
    early = math.sqrt(calm.done.way.early - calm.starts.way.early)
    late = math.sqrt(busy.done.way.late - busy.starts.way.late)
    return Expected(
        min(starts.earliest + least - early, starts.likely + likely),
        starts.likely + likely,
        None if starts.latest is None else starts.latest + likely + late,
    )
