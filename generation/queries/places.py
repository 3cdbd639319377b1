"""How long a waiting picture still waits, and why.

Seven queries, whatever is shown: the workers that are there and their breakers, the jobs that
wait and run, the policies, how far people were served, and how long the latest pictures took.
The rest is `forecasting.places`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from generation.forecasting import places
from generation.holding import Hold, HoldKind
from generation.models import GenerationJob, GenerationRequest
from generation.queries.limits import rules_for
from generation.queries.waiting import (
    CANDIDATE_COLUMNS,
    as_candidates,
    ledger_of,
    running_now,
    with_caps,
)
from generation.queries.workers import live_capacities
from generation.scheduling import Candidate, Running
from generation.types import JobStatus

LONGEST_LINE = 200
LOOKED_BACK = 200


@dataclass(frozen=True, slots=True)
class Finished:
    """How long one picture took, from its start to the archive, in seconds."""

    model_version_id: int
    pixels: int
    steps: int
    seconds: float

    def resembles(self, request: GenerationRequest) -> bool:
        """Whether a picture of the request should take about as long: same model, like work."""
        return (
            self.model_version_id == request.model_version_id
            and 2 / 3 <= self.pixels / (request.width * request.height) <= 3 / 2
            and 1 / 2 <= self.steps / request.steps <= 2
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a waiting job stands.

    `number` counts from 1; `None` says further back than `LONGEST_LINE`, or without a worker.
    `held_by` is how many of the maker's own pictures run already when the project's limit makes
    this one wait for them, else 0. `seconds` until it is done is a rough guess, `None` if unknown.
    """

    number: int | None
    has_worker: bool
    held_by: int = 0
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Everybody who waits, at one moment."""

    workers: Sequence[frozenset[str]] = ()
    places: Mapping[UUID, int] = field(default_factory=dict)
    holds: Mapping[UUID, Hold] = field(default_factory=dict)
    finished: Sequence[Finished] = ()

    def place_of(self, job: GenerationJob, request: GenerationRequest) -> Place:
        """The place of a waiting job of the request."""
        workers = sum(job.engine in engines for engines in self.workers)
        if not workers:
            return Place(None, has_worker=False)
        number = self.places.get(job.pk)
        hold = self.holds.get(job.pk)
        each = self._usual_seconds(request)
        return Place(
            number,
            has_worker=True,
            held_by=hold.count if hold and hold.kind == HoldKind.OWN_RUNNING else 0,
            seconds=each * math.ceil(number / workers) if each and number else None,
        )

    def _usual_seconds(self, request: GenerationRequest) -> float | None:
        alike = [each.seconds for each in self.finished if each.resembles(request)]
        return statistics.median(alike) if alike else None


def line_now() -> Line:
    """The line at this moment, in seven queries."""
    workers = [frozenset(each.worker.engines) for each in live_capacities()]
    waiting = _waiting(frozenset[str]().union(*workers))
    waiting = with_caps(waiting, rules_for({each.project_id for each in waiting}))
    running = [each.job for each in running_now()]
    numbers = places(
        waiting,
        running=running,
        ledger=ledger_of(waiting),
        workers=max(len(workers), 1),
        up_to=LONGEST_LINE,
    )
    now = Running(running)
    holds = {each.job_id: now.hold(each) for each in waiting}
    return Line(
        workers=workers,
        places=numbers,
        holds={job_id: hold for job_id, hold in holds.items() if hold},
        finished=_latest_finished(),
    )


def _waiting(engines: Collection[str]) -> list[Candidate]:
    """Every job that waits for one of these engines, in the order of each person's line."""
    rows = (
        GenerationJob.objects.filter(status=JobStatus.QUEUED, engine__in=engines)
        .order_by("-priority", "position", "request_id", "index")
        .values_list(*CANDIDATE_COLUMNS)
    )
    return as_candidates(rows)


def _latest_finished() -> list[Finished]:
    rows = (
        GenerationJob.objects.filter(status=JobStatus.SUCCEEDED)
        .order_by("-finished_at")
        .values_list(
            "started_at",
            "finished_at",
            "request__model_version_id",
            "request__width",
            "request__height",
            "request__steps",
        )[:LOOKED_BACK]
    )
    return [
        Finished(model, width * height, steps, (finished - started).total_seconds())
        for started, finished, model, width, height, steps in rows
        if started and finished
    ]
