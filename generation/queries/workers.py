"""Which workers are there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from generation.models import GenerationJob, Worker
from generation.types import JobStatus


def engines_of_live_workers() -> list[frozenset[str]]:
    """For every worker that is there, the engines it has.

    A worker is there until it says goodbye or was not seen for WORKER_LOST_AFTER_SECONDS.
    """
    cutoff = timezone.now() - timedelta(seconds=settings.WORKER_LOST_AFTER_SECONDS)
    alive = Worker.objects.filter(stopped_at__isnull=True, last_seen_at__gte=cutoff)
    return [frozenset(engines) for engines in alive.values_list("engines", flat=True)]


def seconds_since_beat() -> float | None:
    """How long ago a worker that has not said goodbye was last seen; `None` when there is none."""
    latest = Worker.objects.filter(stopped_at__isnull=True).aggregate(at=Max("last_seen_at"))["at"]
    return None if latest is None else (timezone.now() - latest).total_seconds()


def jobs_over_time(worker_id: UUID) -> QuerySet[GenerationJob]:
    """The worker's jobs that have been running for longer than a job may."""
    limit = timezone.now() - timedelta(seconds=settings.JOB_TIME_LIMIT_SECONDS)
    return GenerationJob.objects.filter(
        worker_id=worker_id, status=JobStatus.RUNNING, started_at__lt=limit
    )
