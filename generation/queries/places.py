"""Where a waiting picture stands, how long it still waits, and why.

What is read is `generation.queries.situation`; what becomes of it, `generation.forecasting`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from generation.forecasting import Expected, Forecast
from generation.hold_words import Reader, hold_words, lane_words
from generation.holding import Hold, HoldKind
from generation.models import Demand, GenerationJob
from generation.queries.lines import WaitingJob
from generation.queries.situation import Situation, read_situation
from generation.types import WAITING, JobLane
from generation.wording import done_words, sound_alike, starts_words


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands.

    `number` counts the starts from 1. It is `None`, as are `starts` and `done`, for jobs that are
    further back than is looked, and for those that nobody can say of when they start. `hold` is why
    the job would not start now if it was its turn. Moments are seconds from `now`; clocks show the
    time of `time_zone`.
    """

    number: int | None = None
    hold: Hold | None = None
    starts: Expected | None = None
    done: Expected | None = None
    lane: JobLane = JobLane.INTERACTIVE
    now: datetime = field(default_factory=timezone.now)
    time_zone: str = "UTC"

    @property
    def has_worker(self) -> bool:
        """Whether a worker is there that has the model."""
        return self.hold is None or self.hold.kind != HoldKind.NO_WORKER

    def reason(self, *, is_maker: bool) -> str:
        """Why the job waits, beyond its place in the line, to its maker or to others."""
        if self.hold is None:
            return lane_words(self.lane)
        return hold_words(self.hold, Reader(is_maker, self.now, self.time_zone))

    def starts_words(self) -> str:
        """When it starts; empty where nobody can say."""
        return (
            starts_words(self.starts, now=self.now, time_zone=self.time_zone) if self.starts else ""
        )

    def starts_as_it_is_done(self) -> bool:
        """Whether its start and its end are told in the same words."""
        if self.starts is None or self.done is None:
            return False
        return sound_alike(self.starts, self.done, now=self.now, time_zone=self.time_zone)

    def done_words(self) -> str:
        """When it is done; empty where nobody can say."""
        return done_words(self.done, now=self.now, time_zone=self.time_zone) if self.done else ""


@dataclass(frozen=True, slots=True)
class Line:
    """The places of the waiting jobs that a page shows, at one moment."""

    places: Mapping[UUID, Place] = field(default_factory=dict)

    def place_of(self, job: GenerationJob) -> Place:
        """The place of a waiting job; one that has just begun or ended has none."""
        return self.places.get(job.pk) or Place()


def line_of(jobs: Collection[GenerationJob]) -> Line:
    """The places of those of the jobs that wait: none or a constant number of queries."""
    shown = [job for job in jobs if job.status in WAITING]
    if not shown:
        return Line()
    situation = read_situation(shown)
    in_line = {job.candidate.job_id: job for line in situation.waiters.lines for job in line.jobs}
    known = situation.waiters.jobs
    found = {job.pk: known[job.pk] for job in shown if job.pk in known}
    forecasts = situation.forecast(wanted=found.keys() & in_line.keys())
    return Line(
        {
            job_id: place_in(
                situation, job, situation.demands[job.demand_id], forecasts.get(job_id)
            )
            for job_id, job in found.items()
        }
    )


def place_in(
    situation: Situation, job: WaitingJob, demand: Demand, forecast: Forecast | None
) -> Place:
    """The place of a job, out of what is to be expected of it and what is in its way."""
    return Place(
        forecast.number if forecast else None,
        situation.hold_of(job, demand),
        forecast.starts if forecast else None,
        forecast.done if forecast else None,
        lane=job.candidate.lane,
        now=situation.now,
        time_zone=situation.rules[job.candidate.project_id].time_zone,
    )
