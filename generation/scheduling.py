"""Which waiting job is next. Pure: the database tells who waits, this module decides.

The rule: nobody runs more than their project's policy lets them at once; among the others, who has
the fewest running comes first, then who was served longest ago, then who has waited longest. With
one worker, people take turns picture by picture, however many one of them has waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The oldest waiting job of one person in one project."""

    job_id: UUID
    person_id: int
    project_id: int
    queued_at: datetime
    max_running_per_person: int


def in_order(
    candidates: Iterable[Candidate],
    *,
    running: Mapping[tuple[int, int], int],
    last_served: Mapping[int, datetime],
) -> list[Candidate]:
    """The candidates that may start now, the next one first.

    `running` counts jobs by (person, project); `last_served` is when a job of the person last
    started.
    """
    running_of: dict[int, int] = {}
    for (person_id, _project_id), count in running.items():
        running_of[person_id] = running_of.get(person_id, 0) + count
    allowed = (
        each
        for each in candidates
        if running.get((each.person_id, each.project_id), 0) < each.max_running_per_person
    )
    return sorted(
        allowed,
        key=lambda each: (
            running_of.get(each.person_id, 0),
            last_served.get(each.person_id, NEVER),
            each.queued_at,
            each.job_id,
        ),
    )
