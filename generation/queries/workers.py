"""Which workers are there, and what each of them can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max, QuerySet
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


def live_capacities() -> list[Capacity]:
    """Every worker that is there, in two queries.

    A worker is there until it says goodbye or was not seen for WORKER_LOST_AFTER_SECONDS.
    """
    cutoff = timezone.now() - timedelta(seconds=settings.WORKER_LOST_AFTER_SECONDS)
    alive = Worker.objects.filter(stopped_at__isnull=True, last_seen_at__gte=cutoff)
    return _capacities(alive.select_related("slot", "resident_model").order_by("name", "pk"))


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


def jobs_on(worker_id: UUID) -> QuerySet[GenerationJob]:
    """The jobs that the worker runs now."""
    return GenerationJob.objects.filter(worker_id=worker_id, status=JobStatus.RUNNING)


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
