"""Who waits, who runs: what the scheduler needs to know.

The number of queries is constant, and their cost grows with the number of people who wait, not with
the number of their jobs: a claim is as quick with a hundred thousand waiting jobs as with ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.functions import Coalesce

from generation.ledgers import read_ledger
from generation.models import GenerationJob
from generation.scheduling import Candidate, Ledger, in_order
from generation.types import JobLane, JobStatus, Limits

CANDIDATE_COLUMNS = (
    "pk",
    "project__organization_id",
    "created_by_id",
    "project_id",
    "queued_at",
    "estimated_seconds",
    "lane",
    "priority",
    Coalesce("project__usage_policy__max_running_per_person", Limits().max_running_per_person),
)


def candidates_in_order(engines: Collection[str]) -> tuple[list[Candidate], Ledger]:
    """The waiting jobs that one of these engines could start now, the next one first.

    With them comes the ledger by which they were ordered. Only the first waiting job of each
    person in each project and lane is looked at.
    """
    heads = first_of_everybody(engines)
    ledger = ledger_of(heads)
    if not heads:
        return [], ledger
    return in_order(heads, running=running_now(), ledger=ledger), ledger


def first_of_everybody(engines: Collection[str]) -> list[Candidate]:
    """The first waiting job of each person in each project and lane."""
    heads = _head_ids(engines)
    if not heads:
        return []
    waiting = GenerationJob.objects.filter(pk__in=heads, status=JobStatus.QUEUED)
    return as_candidates(waiting.values_list(*CANDIDATE_COLUMNS))


def as_candidates(rows: Iterable[Any]) -> list[Candidate]:
    """Rows of `CANDIDATE_COLUMNS` as the scheduler knows them."""
    return [
        Candidate(
            job_id=job_id,
            organization_id=organization_id,
            person_id=person_id,
            project_id=project_id,
            queued_at=queued_at,
            seconds=seconds,
            lane=JobLane(lane),
            priority=priority,
            max_running_per_person=cap,
        )
        for (
            job_id,
            organization_id,
            person_id,
            project_id,
            queued_at,
            seconds,
            lane,
            priority,
            cap,
        ) in rows
    ]


def ledger_of(candidates: Iterable[Candidate]) -> Ledger:
    """The accounts of the candidates' owners."""
    owners = {(each.organization_id, each.person_id) for each in candidates}
    return read_ledger({organization for organization, _person in owners}, owners)


def running_now() -> Counter[tuple[int, int]]:
    """How many jobs run, by person and project.

    Counted here, because SQLite would read every job there ever was for a GROUP BY.
    """
    running = GenerationJob.objects.filter(status=JobStatus.RUNNING)
    return Counter(running.values_list("created_by_id", "project_id"))


def waiting_count(*, up_to: int) -> int:
    """How many jobs wait, of everybody; counting stops at `up_to`."""
    return GenerationJob.objects.filter(status=JobStatus.QUEUED)[:up_to].count()


def waiting_of(person_id: int) -> int:
    """How many jobs of the person wait."""
    return GenerationJob.objects.filter(status=JobStatus.QUEUED, created_by_id=person_id).count()


def people_waiting() -> list[int]:
    """Everybody who has a job waiting; their places change whenever one starts."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_PEOPLE.format(people=_PEOPLE.format(jobs=_jobs())))
        return [person_id for (person_id,) in cursor.fetchall()]


# Databases read every entry of an index to find its distinct values. This steps from one to the
# next instead: first over the people who wait, then over each one's projects, and looks up the
# first job of each lane there. All of it runs on the index `first_waiting_job_of_each`.
_PEOPLE = """
person(id) AS (
    SELECT MIN(created_by_id) FROM {jobs} WHERE status = 'queued'
    UNION ALL
    SELECT (SELECT MIN(job.created_by_id) FROM {jobs} job
            WHERE job.status = 'queued' AND job.created_by_id > person.id)
    FROM person WHERE person.id IS NOT NULL
)
"""
_WAITING_PEOPLE = "WITH RECURSIVE {people} SELECT id FROM person WHERE id IS NOT NULL"
_HEADS = """
WITH RECURSIVE {people}, place(person_id, project_id) AS (
    SELECT person.id, (SELECT MIN(job.project_id) FROM {jobs} job
                       WHERE job.status = 'queued' AND job.created_by_id = person.id)
    FROM person WHERE person.id IS NOT NULL
    UNION ALL
    SELECT place.person_id, (SELECT MIN(job.project_id) FROM {jobs} job
                             WHERE job.status = 'queued' AND job.created_by_id = place.person_id
                             AND job.project_id > place.project_id)
    FROM place WHERE place.project_id IS NOT NULL
)
SELECT {first_interactive}, {first_background} FROM place WHERE place.project_id IS NOT NULL
"""
_FIRST = """
(SELECT job.id FROM {jobs} job
 WHERE job.status = 'queued' AND job.created_by_id = place.person_id
 AND job.project_id = place.project_id AND job.lane = {lane} AND job.engine IN ({engines})
 ORDER BY job.priority DESC, job.queued_at, job.request_id, job.{index} LIMIT 1)
"""


def _head_ids(engines: Collection[str]) -> list[UUID | str]:
    with connection.cursor() as cursor:
        cursor.execute(_heads_query(engines), [*engines, *engines])
        return [job_id for row in cursor.fetchall() for job_id in row if job_id is not None]


def _jobs() -> str:
    return connection.ops.quote_name(GenerationJob._meta.db_table)


def explain_heads(engines: Collection[str]) -> str:
    """How the database finds the first job of everybody, for benchmarks and tests."""
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(prefix + _heads_query(engines), [*engines, *engines])
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def _heads_query(engines: Collection[str]) -> str:
    # Only our own numbers and quoted names of tables and columns are put into the text.
    quote = connection.ops.quote_name
    names = {
        "jobs": _jobs(),
        "engines": ", ".join(["%s"] * len(engines)),
        "index": quote("index"),
    }
    return _HEADS.format(
        people=_PEOPLE.format(**names),
        jobs=names["jobs"],
        first_interactive=_FIRST.format(lane=JobLane.INTERACTIVE.value, **names),
        first_background=_FIRST.format(lane=JobLane.BACKGROUND.value, **names),
    )
