"""Who waits, who runs: what the scheduler needs to know, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Max, Q, Window
from django.db.models.functions import Coalesce, RowNumber

from generation.models import GenerationJob
from generation.scheduling import Candidate, in_order
from generation.types import JobStatus, Limits


def candidates_in_order(engines: Collection[str]) -> list[Candidate]:
    """The waiting jobs that one of these engines could start now, the next one first.

    Only the oldest waiting job of each person in each project is looked at.
    """
    candidates = _oldest_of_everybody(engines)
    if not candidates:
        return []
    people = {each.person_id for each in candidates}
    return in_order(candidates, running=_running(people), last_served=last_served(people))


def waiting_count() -> int:
    """How many jobs wait, of everybody."""
    return GenerationJob.objects.filter(status=JobStatus.QUEUED).count()


def waiting_of(person_id: int) -> int:
    """How many jobs of the person wait."""
    return GenerationJob.objects.filter(status=JobStatus.QUEUED, created_by_id=person_id).count()


def people_waiting() -> list[int]:
    """Everybody who has a job waiting; their places change whenever one starts."""
    return list(
        GenerationJob.objects.filter(status=JobStatus.QUEUED)
        .values_list("created_by_id", flat=True)
        .distinct()
    )


def last_served(people: Collection[int]) -> dict[int, datetime]:
    """When a job of each of these people last started."""
    rows = (
        GenerationJob.objects.filter(Q(started_at__isnull=False), created_by_id__in=people)
        .values("created_by_id")
        .annotate(last=Max("started_at"))
        .values_list("created_by_id", "last")
    )
    return dict(rows)


def _oldest_of_everybody(engines: Collection[str]) -> list[Candidate]:
    rows = (
        GenerationJob.objects.filter(status=JobStatus.QUEUED, engine__in=engines)
        .annotate(
            turn=Window(
                RowNumber(),
                partition_by=["created_by_id", "project_id"],
                order_by=["queued_at", "request_id", "index"],
            )
        )
        .filter(turn=1)
        .values_list(
            "pk",
            "created_by_id",
            "project_id",
            "queued_at",
            Coalesce(
                "project__usage_policy__max_running_per_person", Limits().max_running_per_person
            ),
        )
    )
    return [Candidate(*row) for row in rows]


def _running(people: Collection[int]) -> dict[tuple[int, int], int]:
    rows = (
        GenerationJob.objects.filter(status=JobStatus.RUNNING, created_by_id__in=people)
        .values("created_by_id", "project_id")
        .annotate(count=Count("pk"))
        .values_list("created_by_id", "project_id", "count")
    )
    return {(person_id, project_id): count for person_id, project_id, count in rows}
