"""The machines that make the pictures, as those who look after them see them.

Machines belong to the site. What runs on them belongs to organizations: who it is for is told to
those who operate the site, and to nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.access import Access
from accounts.errors import NotVisible, Sentence
from accounts.roles import Permission
from generation.breaking import BreakerState, state
from generation.models import ROW_FORMAT, CircuitBreaker, GenerationJob, Worker, WorkerSlot
from generation.queries.workers import is_live, live_workers
from generation.tiers import DEFAULT_TIERS, Tier, tier_of
from generation.types import JobStatus, Trouble, WorkerState
from generation.wording import FAILURES, UNKNOWN


@dataclass(frozen=True, slots=True)
class Fault:
    """What is held against a place and one model.

    `failures` are those in a row; `open_until` is set while no picture of the model starts there,
    and after that until one has succeeded (`is_open` tells the two apart). `code` is the last
    cause, `message` the same in detail, for operators only.
    """

    model_id: int
    model: str
    failures: int
    open_until: datetime | None
    is_open: bool
    code: str
    message: str

    @property
    def sentence(self) -> Sentence:
        """The last cause in words."""
        return FAILURES.get(self.code, UNKNOWN).sentence


@dataclass(frozen=True, slots=True)
class Machine:
    """One worker, or the last one of a place that nobody fills now.

    `jobs` is what it is making, the one that began first at the front: given to operators only.
    `busy` is for everybody.
    """

    slot: WorkerSlot | None
    worker: Worker
    is_live: bool
    busy: bool = False
    jobs: Sequence[GenerationJob] = ()
    faults: Sequence[Fault] = ()

    @property
    def name(self) -> str:
        """The name of the place; an old worker without one has its own."""
        return self.slot.name if self.slot else self.worker.name

    @property
    def slot_state(self) -> WorkerState:
        """What an operator told the place."""
        return WorkerState(self.slot.state) if self.slot else WorkerState.ACTIVE

    @property
    def status(self) -> str:
        """One word for all of it: `gone`, `paused`, `draining`, `busy` or `ready`."""
        if not self.is_live:
            return "gone"
        if self.slot_state != WorkerState.ACTIVE:
            return self.slot_state.value
        return "busy" if self.busy else "ready"

    @property
    def tier(self) -> Tier | None:
        """How large a picture the memory allows now, by the tiers of the model that is loaded."""
        model = self.worker.resident_model
        return tier_of(self.worker.available_bytes, model.tiers if model else DEFAULT_TIERS)

    @property
    def is_of_another_version(self) -> bool:
        """Whether it runs other code than this process."""
        return self.worker.version != settings.VERSION

    @property
    def leaves_newer_work(self) -> bool:
        """Whether it is too old for the requests that are written now."""
        return self.worker.row_format < ROW_FORMAT


def machines_of(access: Access) -> list[Machine]:
    """Every worker that is there, then the last one of every place without, each by name.

    Members of an organization see what there is and whether it is busy; what it makes, and for
    whom, and why something failed is for operators.

    Raises:
        NotVisible: the person belongs to no organization.
    """
    is_operator = access.unrestricted or access.operates_site
    if not is_operator and not access.organizations_with(Permission.VIEW_ORGANIZATION):
        raise NotVisible
    now = timezone.now()
    workers = _workers(now)
    jobs = _running(worker.pk for worker in workers)
    slots = {worker.slot_id for worker in workers if worker.slot_id}
    faults = _faults(slots, now, in_detail=is_operator)
    return [
        Machine(
            slot=worker.slot,
            worker=worker,
            is_live=is_live(worker, now),
            busy=bool(jobs.get(worker.pk)),
            jobs=jobs.get(worker.pk, ()) if is_operator else (),
            faults=faults.get(worker.slot_id or 0, ()),
        )
        for worker in workers
    ]


def machine_in(access: Access, slot_id: int) -> Machine:
    """The machine in one place. Refused as `machines_of` is; a place without any is not there."""
    for machine in machines_of(access):
        if machine.slot is not None and machine.slot.pk == slot_id:
            return machine
    raise NotVisible


def slot_for(access: Access, slot_id: int) -> WorkerSlot:
    """One place of a worker, for an operator who wants to change it."""
    access.require_operator()
    return _found(WorkerSlot.objects.filter(pk=slot_id).first())


def slot_named(access: Access, name: str) -> WorkerSlot:
    """One place of a worker by its name, for an operator's command."""
    access.require_operator()
    return _found(WorkerSlot.objects.filter(name=name).first())


def troubles_now() -> list[Trouble]:
    """What is wrong with the machines, in two queries. Nobody's data is in it."""
    now = timezone.now()
    states = set(live_workers(now).values_list("slot__state", flat=True))
    troubles = []
    if not states:
        troubles.append(Trouble.NO_WORKER)
    elif not states & {WorkerState.ACTIVE.value, None}:
        troubles.append(Trouble.ALL_PAUSED)
    if _open_breakers(now):
        troubles.append(Trouble.BREAKER_OPEN)
    return troubles


def _found(slot: WorkerSlot | None) -> WorkerSlot:
    if slot is None:
        raise NotVisible
    return slot


def _open_breakers(now: datetime) -> bool:
    slots = live_workers(now).values("slot")
    return CircuitBreaker.objects.filter(open_until__gt=now, slot__in=slots).exists()


def _workers(now: datetime) -> list[Worker]:
    """The live ones, and for every slot without the one that was seen last."""
    latest = Worker.objects.filter(slot=OuterRef("slot")).order_by("-last_seen_at", "-pk")
    live = live_workers(now).values("pk")
    rows = (
        Worker.objects.filter(
            Q(pk__in=live) | Q(slot__isnull=False, pk=Subquery(latest.values("pk")[:1]))
        )
        .select_related("slot__changed_by", "resident_model")
        .order_by(F("slot__name").asc(nulls_last=True), "name", "-last_seen_at")
    )
    workers = list(rows)
    there = [worker for worker in workers if is_live(worker, now)]
    filled = {worker.slot_id for worker in there}
    return [*there, *(each for each in workers if each.slot_id not in filled)]


def _running(workers: Iterable[UUID]) -> Mapping[UUID, list[GenerationJob]]:
    running = (
        GenerationJob.objects.filter(worker__in=list(workers), status=JobStatus.RUNNING)
        .select_related("project__organization", "created_by", "request__model_version")
        .order_by(F("started_at").asc(nulls_last=True), "pk")
    )
    by_worker: defaultdict[UUID, list[GenerationJob]] = defaultdict(list)
    for job in running:
        if job.worker_id is not None:
            by_worker[job.worker_id].append(job)
    return by_worker


def _faults(slots: Iterable[int], now: datetime, *, in_detail: bool) -> Mapping[int, list[Fault]]:
    rows = (
        CircuitBreaker.objects.filter(slot__in=list(slots))
        .filter(Q(failures__gt=0) | Q(open_until__isnull=False))
        .select_related("model_version")
        .order_by("model_version__name", "pk")
    )
    by_slot: defaultdict[int, list[Fault]] = defaultdict(list)
    for row in rows:
        by_slot[row.slot_id].append(
            Fault(
                model_id=row.model_version_id,
                model=str(row.model_version),
                failures=row.failures,
                open_until=row.open_until,
                is_open=state(row.state, now) == BreakerState.OPEN,
                code=row.code,
                message=row.message if in_detail else "",
            )
        )
    return by_slot
