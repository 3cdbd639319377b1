"""The waiting jobs as a forecast needs them, without reading all of them.

Of every line (the jobs of one person in one project, lane and kind of demand) the first
`READ_OF_EACH` are read, or fewer where there are so many lines that it would be more than
`MOST_READ` jobs, but three at least. The others are counted up to `COUNTED_OF_EACH`: a forecast
takes them to be like those that it knows. Whose jobs are shown on a page is read further,
`MOST_OF_SHOWN` jobs in all, because their jobs get places of their own. So a hundred thousand
waiting jobs of forty people cost no more than a few thousand do. At most four queries.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from generation.costing import seconds_of
from generation.models import Demand, GenerationJob
from generation.queries.stepping import lines_query
from generation.queries.waiting import CANDIDATE_COLUMNS, as_candidates
from generation.scheduling import Candidate
from generation.types import WAITING, JobLane, JobStatus

READ_OF_EACH = 20
LEAST_OF_EACH = 3
MOST_READ = 400
COUNTED_OF_EACH = 200
MOST_OF_SHOWN = 400
MOST_SCHEDULED = 200

JOB_COLUMNS = (
    *CANDIDATE_COLUMNS,
    "demand_id",
    "request__width",
    "request__height",
    "request__steps",
    "request__cfg",
    "position",
    "request_id",
    "index",
    "status",
    "start_at",
)


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """One job that waits, or did. `estimate` is in GPU seconds, by what is known of its model now.

    `place` orders the jobs of a line.
    """

    candidate: Candidate
    demand_id: int
    estimate: float
    place: tuple[Any, ...]
    start_at: datetime | None = None


@dataclass(slots=True)
class JobsInLine:
    """The first jobs of a line in their order, and how many more there are."""

    demand_id: int
    jobs: list[WaitingJob] = field(default_factory=list)
    unread: int = 0
    start_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiters:
    """The lines, and by id every job that was read, in a line or not."""

    lines: Sequence[JobsInLine] = ()
    jobs: Mapping[UUID, WaitingJob] = field(default_factory=dict)


_Key = tuple[int, int, int, JobLane, datetime | None]


def read_lines(
    able: Collection[int],
    demands: Mapping[int, Demand],
    *,
    shown: Collection[GenerationJob] = (),
) -> Waiters:
    """The lines of the demands that somebody is `able` to do, and the jobs that are shown anyway.

    `demands` are all there are.
    """
    counted = _counted(able)
    first = {job_id for few, _many in counted for job_id in few}
    read = _rows(first | {job.pk for job in shown}, demands)
    more = _of_makers({job.created_by_id for job in shown if job.pk not in first}, demands)
    known = {**read, **more}
    in_line = [
        job
        for job_id, job in known.items()
        if (job_id in first or job_id in more) and job.demand_id in able
    ]
    lines = _in_lines(in_line)
    for few, many in counted:
        head = next((known[job_id] for job_id in few if job_id in known), None)
        if head is not None:
            line = lines[_line_of(head)]
            line.unread = max(0, many - len(line.jobs))
    scheduled = _scheduled(able, demands)
    lines |= _in_lines(scheduled.values())
    return Waiters(list(lines.values()), {**scheduled, **known})


def _counted(able: Collection[int]) -> list[tuple[list[UUID], int]]:
    """Of each line the ids of the first few jobs, and how many wait."""
    if not able:
        return []
    query = lines_query(len(able), few=READ_OF_EACH, most=COUNTED_OF_EACH)
    with connection.cursor() as cursor:
        cursor.execute(query, list(able))
        rows = cursor.fetchall()
    lines = [
        (few.split(","), many)
        for row in rows
        for few, many in zip(row[::2], row[1::2], strict=True)
        if few
    ]
    most = max(LEAST_OF_EACH, MOST_READ // max(len(lines), 1))
    return [([UUID(job_id) for job_id in few[:most]], many) for few, many in lines]


def _rows(ids: Collection[UUID], demands: Mapping[int, Demand]) -> dict[UUID, WaitingJob]:
    if not ids:
        return {}
    rows = GenerationJob.objects.filter(pk__in=ids, status__in=sorted(WAITING))
    return read_jobs(rows.values_list(*JOB_COLUMNS), demands)


def _of_makers(makers: Collection[int], demands: Mapping[int, Demand]) -> dict[UUID, WaitingJob]:
    """More of the jobs of these people, of each line its beginning."""
    if not makers:
        return {}
    rows = GenerationJob.objects.filter(status=JobStatus.QUEUED, created_by_id__in=makers)
    ordered = rows.order_by("created_by_id", "-priority", "position", "request_id", "index")
    return read_jobs(ordered.values_list(*JOB_COLUMNS)[:MOST_OF_SHOWN], demands)


def _scheduled(able: Collection[int], demands: Mapping[int, Demand]) -> dict[UUID, WaitingJob]:
    """The jobs with a time to start that come first."""
    rows = GenerationJob.objects.filter(status=JobStatus.SCHEDULED, demand_id__in=able)
    return read_jobs(rows.order_by("start_at").values_list(*JOB_COLUMNS)[:MOST_SCHEDULED], demands)


def _in_lines(jobs: Iterable[WaitingJob]) -> dict[_Key, JobsInLine]:
    lines: dict[_Key, JobsInLine] = {}
    for job in sorted(jobs, key=lambda each: each.place):
        line = lines.setdefault(_line_of(job), JobsInLine(job.demand_id, start_at=job.start_at))
        line.jobs.append(job)
    return lines


def _line_of(job: WaitingJob) -> _Key:
    each = job.candidate
    return each.person_id, each.project_id, job.demand_id, each.lane, job.start_at


def read_jobs(rows: Iterable[Any], demands: Mapping[int, Demand]) -> dict[UUID, WaitingJob]:
    """Rows that begin with `JOB_COLUMNS`, by the ids of the jobs."""
    width = len(CANDIDATE_COLUMNS)
    found = [row for row in rows if row[width] in demands]  # else newer than what was read
    candidates = as_candidates(row[:width] for row in found)
    return {
        candidate.job_id: _waiting_job(candidate, row[width:], demands)
        for candidate, row in zip(candidates, found, strict=True)
    }


def _waiting_job(
    candidate: Candidate, row: Sequence[Any], demands: Mapping[int, Demand]
) -> WaitingJob:
    demand_id, width, height, steps, cfg, position, request_id, index, status, start_at = row[
        : len(JOB_COLUMNS) - len(CANDIDATE_COLUMNS)
    ]
    speed = demands[demand_id].model_version.seconds_per_tflop
    return WaitingJob(
        candidate,
        demand_id,
        seconds_of(speed, width=width, height=height, steps=steps, cfg=cfg),
        (-candidate.priority, position, request_id, index),
        start_at if status == JobStatus.SCHEDULED else None,
    )
