"""Forgetting workers that are long gone."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.access import Access
from generation.models import Worker, WorkerSlot
from generation.types import WorkerState

WORKERS_KEPT = timedelta(days=7)
SLOTS_KEPT = timedelta(days=30)
MOST_AT_ONCE = 500


@transaction.atomic
def prune_workers(*, access: Access) -> int:
    """Delete the lives of workers that ended a week ago, and places unused for a month.

    The last life of a place stays as long as the place does: it tells when it was used. A place
    that an operator has paused stays with the order given to it. Pictures keep what their records
    say of the worker. Returns how many rows went; the rest waits for the next call.
    """
    access.require_system()
    now = timezone.now()
    later = Worker.objects.filter(slot=OuterRef("slot")).filter(
        Q(last_seen_at__gt=OuterRef("last_seen_at"))
        | Q(last_seen_at=OuterRef("last_seen_at"), pk__gt=OuterRef("pk"))
    )
    ended = Worker.objects.filter(last_seen_at__lt=now - WORKERS_KEPT).filter(
        Q(slot__isnull=True) | Exists(later)
    )
    gone, _by_model = Worker.objects.filter(
        pk__in=list(ended.values_list("pk", flat=True)[:MOST_AT_ONCE])
    ).delete()
    used = Worker.objects.filter(slot=OuterRef("pk"), last_seen_at__gte=now - SLOTS_KEPT)
    unused = WorkerSlot.objects.filter(
        ~Exists(used), state=WorkerState.ACTIVE, changed_at__lt=now - SLOTS_KEPT
    )
    slots = list(unused.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not slots:
        return gone
    lives, _by_model = Worker.objects.filter(slot__in=slots).delete()
    places, _by_model = WorkerSlot.objects.filter(
        pk__in=slots, state=WorkerState.ACTIVE, workers__isnull=True
    ).delete()
    return gone + lives + places
