"""The SQL that steps through the waiting jobs instead of reading them.

Databases read every entry of an index to find its distinct values. This steps from one to the
next instead: first over the people who wait, then over each one's projects, then over the kinds of
demands there. What is wanted of each kind is looked up in each lane: its first job, or its first
few and how many there are. All of it runs on the index `first_waiting_job_of_each`.
"""

from __future__ import annotations

from django.db import connection

from generation.models import GenerationJob
from generation.types import JobLane

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
_KINDS = """
WITH RECURSIVE {people}, place(person_id, project_id) AS (
    SELECT person.id, (SELECT MIN(job.project_id) FROM {jobs} job
                       WHERE job.status = 'queued' AND job.created_by_id = person.id)
    FROM person WHERE person.id IS NOT NULL
    UNION ALL
    SELECT place.person_id, (SELECT MIN(job.project_id) FROM {jobs} job
                             WHERE job.status = 'queued' AND job.created_by_id = place.person_id
                             AND job.project_id > place.project_id)
    FROM place WHERE place.project_id IS NOT NULL
), kind(person_id, project_id, demand_id) AS (
    SELECT place.person_id, place.project_id,
           (SELECT MIN(job.demand_id) FROM {jobs} job
            WHERE job.status = 'queued' AND job.created_by_id = place.person_id
            AND job.project_id = place.project_id)
    FROM place WHERE place.project_id IS NOT NULL
    UNION ALL
    SELECT kind.person_id, kind.project_id,
           (SELECT MIN(job.demand_id) FROM {jobs} job
            WHERE job.status = 'queued' AND job.created_by_id = kind.person_id
            AND job.project_id = kind.project_id AND job.demand_id > kind.demand_id)
    FROM kind WHERE kind.demand_id IS NOT NULL
)
SELECT {wanted} FROM kind WHERE kind.demand_id IN ({demands})
"""
_LINE = """
FROM {jobs} job
WHERE job.status = 'queued' AND job.created_by_id = kind.person_id
AND job.project_id = kind.project_id AND job.demand_id = kind.demand_id AND job.lane = {lane}
"""
_IN_ORDER = "ORDER BY job.priority DESC, job.position, job.request_id, job.{index}"
_FIRST = "(SELECT job.id {line} {in_order} LIMIT 1)"
_FIRST_FEW = "(SELECT {together} FROM (SELECT job.id {line} {in_order} LIMIT {few}) first)"
_HOW_MANY = "(SELECT COUNT(*) FROM (SELECT 1 {line} LIMIT {most}) several)"


def people_query() -> str:
    """Everybody who has a job waiting: rows of one id."""
    return _WAITING_PEOPLE.format(people=_PEOPLE.format(**_names()))


def heads_query(demands: int) -> str:
    """The first job of each kind, a column per lane; takes the ids of so many demands."""
    wanted = [_FIRST.format(**_parts(lane)) for lane in JobLane]
    return _kinds_query(wanted, demands)


def lines_query(demands: int, *, few: int, most: int) -> str:
    """Of each kind and lane the ids of the first `few`, with commas between, and how many wait.

    Two columns per lane; counting stops at `most`. Takes the ids of so many demands.
    """
    together = (
        "STRING_AGG(CAST(first.id AS text), ',')"
        if connection.vendor == "postgresql"
        else "GROUP_CONCAT(first.id, ',')"
    )
    wanted = [
        part.format(together=together, few=few, most=most, **_parts(lane))
        for lane in JobLane
        for part in (_FIRST_FEW, _HOW_MANY)
    ]
    return _kinds_query(wanted, demands)


# Only our own numbers and quoted names of tables and columns are put into the text.
def _kinds_query(wanted: list[str], demands: int) -> str:
    return _KINDS.format(
        people=_PEOPLE.format(**_names()),
        wanted=", ".join(wanted),
        demands=", ".join(["%s"] * demands),
        **_names(),
    )


def _parts(lane: JobLane) -> dict[str, str]:
    return {
        "line": _LINE.format(lane=lane.value, **_names()),
        "in_order": _IN_ORDER.format(**_names()),
    }


def _names() -> dict[str, str]:
    return {
        "jobs": connection.ops.quote_name(GenerationJob._meta.db_table),
        "index": connection.ops.quote_name("index"),
    }
