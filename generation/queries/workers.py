"""Which workers are there, and what each of them can do."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from generation.breaking import Breaker, may_start
from generation.models import CircuitBreaker, Demand, GenerationJob, Worker
from generation.tiers import fits, largest_side
from generation.types import JobStatus, WorkerState


@dataclass(frozen=True, slots=True)
class Capacity:
    """One worker as the queue sees it.

    `breakers` are those of its slot, by model. `state` is what an operator told its slot.
    """

    worker: Worker
    state: WorkerState = WorkerState.ACTIVE
    breakers: Mapping[int, Breaker] | None = None

    @property
    def worker_id(self) -> UUID:
        """The worker's row."""
        return self.worker.pk

    def has(self, demand: Demand) -> bool:
        """Whether the worker has the model, whatever else stands in the way."""
        model = demand.model_version
        return (
            model.engine in self.worker.engines
            and (not self.worker.model_ids or model.pk in self.worker.model_ids)
            and demand.row_format <= self.worker.row_format
        )

    def largest_side(self, demand: Demand) -> int | None:
        """The largest side that its memory allows now; `None` when memory limits nothing."""
        return largest_side(self.worker.available_bytes, demand.model_version.tiers)

    def has_memory(self, demand: Demand) -> bool:
        """Whether a picture of this size fits into its memory now."""
        return fits(demand.side, self.largest_side(demand))

    def paused_until(self, demand: Demand, now: datetime) -> Breaker | None:
        """The breaker that keeps the model from running here, if it is open."""
        breaker = (self.breakers or {}).get(demand.model_version_id)
        return None if breaker is None or may_start(breaker, now=now) else breaker

    def can_start(self, demand: Demand, now: datetime) -> bool:
        """Whether a job of this kind could start here now."""
        return (
            self.state == WorkerState.ACTIVE
            and self.has(demand)
            and self.paused_until(demand, now) is None
            and (self.has_memory(demand) or demand.may_shrink)
        )


def live_workers(now: datetime) -> QuerySet[Worker]:
    """Every worker that is there.

    A worker is there until it says goodbye or was not seen for WORKER_LOST_AFTER_SECONDS.
    """
    return Worker.objects.filter(stopped_at__isnull=True, last_seen_at__gte=_lost_before(now))


def is_live(worker: Worker, now: datetime) -> bool:
    """Whether the worker is there, as `live_workers` sees it."""
    return worker.stopped_at is None and worker.last_seen_at >= _lost_before(now)


def workers_by_pool() -> dict[str, int]:
    """How many workers that may take jobs are there, for each pool that has any."""
    active = live_workers(timezone.now()).filter(
        Q(slot__isnull=True) | Q(slot__state=WorkerState.ACTIVE)
    )
    return Counter(active.values_list("pool", flat=True))


def engines_elsewhere() -> set[str]:
    """The engines of other machines' workers: those that are there, and that were lately."""
    others = Worker.objects.exclude(host=socket.gethostname())
    return {engine for engines in others.values_list("engines", flat=True) for engine in engines}


def device_uuid_of(worker_id: UUID) -> str:
    """The UUID of the worker's GPU as it reported it; empty without one, or without the row."""
    uuids = Worker.objects.filter(pk=worker_id).values_list("device_uuid", flat=True)
    return uuids.first() or ""


def live_capacities() -> list[Capacity]:
    """Every worker that is there, in two queries."""
    alive = live_workers(timezone.now()).select_related("slot", "resident_model")
    return _capacities(alive.order_by("name", "pk"))


def capacity_of(worker_id: UUID) -> Capacity | None:
    """The worker as it stands now; `None` when its row is closed or gone."""
    found = Worker.objects.filter(pk=worker_id, stopped_at__isnull=True).select_related("slot")
    return next(iter(_capacities(found)), None)


def demands_that_can_start(capacity: Capacity, now: datetime) -> dict[int, Demand]:
    """The kinds of jobs that the worker could start now, by id."""
    demands = Demand.objects.select_related("model_version")
    return {each.pk: each for each in demands if capacity.can_start(each, now)}


def seconds_since_beat() -> float | None:
    """How long ago a worker that has not said goodbye was last seen; `None` when there is none."""
    latest = Worker.objects.filter(stopped_at__isnull=True).aggregate(at=Max("last_seen_at"))["at"]
    return None if latest is None else (timezone.now() - latest).total_seconds()


def has_to_give_back(worker_id: UUID) -> bool:
    """Whether an operator drains the worker, it is done with its pictures, and holds a model."""
    drained = Worker.objects.filter(
        pk=worker_id, slot__state=WorkerState.DRAINING, resident_model__isnull=False
    )
    return drained.exists() and not jobs_on(worker_id).exists()


def is_draining(worker_id: UUID) -> bool:
    """Whether an operator wants the worker to hold no model."""
    return Worker.objects.filter(pk=worker_id, slot__state=WorkerState.DRAINING).exists()


def jobs_on(worker_id: UUID) -> QuerySet[GenerationJob]:
    """The jobs that the worker runs now."""
    return GenerationJob.objects.filter(worker_id=worker_id, status=JobStatus.RUNNING)


def _lost_before(now: datetime) -> datetime:
    return now - timedelta(seconds=settings.WORKER_LOST_AFTER_SECONDS)


def _capacities(workers: Iterable[Worker]) -> list[Capacity]:
    found: Sequence[Worker] = list(workers)
    breakers: dict[int, dict[int, Breaker]] = {}
    slots = [each.slot_id for each in found if each.slot_id is not None]
    for row in CircuitBreaker.objects.filter(slot_id__in=slots) if slots else ():
        breakers.setdefault(row.slot_id, {})[row.model_version_id] = row.state
    return [
        Capacity(
            each,
            WorkerState(each.slot.state) if each.slot else WorkerState.ACTIVE,
            breakers.get(each.slot_id or 0, {}),
        )
        for each in found
    ]
