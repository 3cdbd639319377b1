"""Which workers are there."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from generation.models import Worker


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
