"""An office day: who asks when for which pictures. The traces that the other benchmarks replay.

Some people send single pictures all day, some send requests of four, one sends large batches, and
a second organization has a few people of its own. A trace is made by a seed, so that every rule
gets the same pictures at the same times.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from generation.costing import UNMEASURED_SECONDS_PER_TFLOP, work_of
from generation.limits import Caps
from generation.scheduling import Candidate

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
CAP = 2
SIZES = [(512, 512), (768, 768), (1024, 1024), (1024, 576)]
BATCH = 200


@dataclass(frozen=True, slots=True)
class Job:
    """One picture of a trace: when it is asked for, by whom, and what it is estimated to take.

    Times are in seconds from the beginning of the day.
    """

    number: int
    at: float
    organization: int
    person: int
    kind: str
    seconds: float
    model: int = 1


def make_trace(dice: random.Random, count: int, workers: int, *, models: int = 1) -> list[Job]:
    """About `count` jobs, as many as keep the workers busy for the time that they span.

    With several models every person has a favourite that two thirds of their requests are for.
    """
    average = statistics.mean(estimate(width, height) for width, height in SIZES)
    span = count * average / workers / 1.05
    jobs: list[tuple[float, int, int, str, float]] = []
    jobs += _arrivals(dice, span, count // 5, 1, range(1, 9), "singles", 1)
    jobs += _arrivals(dice, span, count // 20, 1, range(9, 14), "fours", 4)
    jobs += _arrivals(dice, span, count // 20, 2, range(20, 24), "other team", 3)
    jobs += _arrivals(dice, span / 2, max(1, count // 500), 1, range(14, 15), "batches", BATCH)
    jobs.sort()
    choose = _Favourites(random.Random(dice.random()), models)
    return [Job(number, *job, model=choose(job[2], job[0])) for number, job in enumerate(jobs)]


def candidate_of(job: Job) -> Candidate:
    """The job as the scheduler sees it."""
    return Candidate(
        job_id=UUID(int=job.number),
        organization_id=job.organization,
        person_id=job.person,
        project_id=1,
        queued_at=BEGIN + timedelta(seconds=job.at),
        seconds=job.seconds,
        model_id=job.model,
        project_caps=Caps(per_person=CAP),
    )


def estimate(width: int, height: int, steps: int = 8) -> float:
    """The GPU seconds that a picture is estimated to take before the model was measured."""
    return work_of(width=width, height=height, steps=steps, cfg=1) * UNMEASURED_SECONDS_PER_TFLOP


class _Favourites:
    """Which model a request is for; the pictures of one request are for one model."""

    def __init__(self, dice: random.Random, models: int) -> None:
        self._dice = dice
        self._models = models
        self._chosen: dict[tuple[int, float], int] = {}

    def __call__(self, person: int, at: float) -> int:
        if (person, at) not in self._chosen:
            any_model = self._dice.randint(1, self._models)
            favourite = person % self._models + 1
            is_favourite = self._dice.random() < 2 / 3
            self._chosen[person, at] = favourite if is_favourite else any_model
        return self._chosen[person, at]


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
            yield at, organization, person, kind, estimate(width, height)
