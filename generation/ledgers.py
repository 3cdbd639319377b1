"""The ledger of the fair share, between the database and the scheduler."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from generation.costing import learned_speed, seconds_of, work_of
from generation.models import GenerationJob, GenerationRequest, ModelVersion, ShareAccount
from generation.scheduling import Account, Ledger
from generation.types import ImageAsk
from generation.usage import count_use


def lock_ledger() -> ShareAccount:
    """Let nobody else decide until this transaction ends; returns the site's account.

    On PostgreSQL this is the lock of one row; on SQLite the transaction holds the write lock.
    """
    site, _created = ShareAccount.objects.select_for_update().get_or_create(
        organization=None, person=None
    )
    return site


def read_ledger(organizations: Collection[int], people: Collection[tuple[int, int]]) -> Ledger:
    """The accounts of these organizations and of these people (organization, person)."""
    ledger = Ledger()
    rows = ShareAccount.objects.filter(person__isnull=True) | ShareAccount.objects.filter(
        organization_id__in=organizations, person_id__in={person for _, person in people}
    )
    for row in rows:
        account = Account(finish=row.finish, clock=row.clock, weight=row.weight)
        if row.organization_id is None:
            ledger.clock = row.clock
        elif row.person_id is None:
            ledger.organizations[row.organization_id] = account
        else:
            ledger.people[row.organization_id, row.person_id] = account
    return ledger


def write_ledger(ledger: Ledger, *, organization_id: int, person_id: int) -> None:
    """Keep what a charge or a correction changed: the site, one organization, one person."""
    organization = ledger.organization(organization_id)
    person = ledger.person(organization_id, person_id)
    ShareAccount.objects.filter(organization=None, person=None).update(clock=ledger.clock)
    _write(organization, organization_id, None)
    _write(person, organization_id, person_id)


def settle(job: GenerationJob, *, used_seconds: float, images: int = 0) -> None:
    """A started job has ended: put right what its owners were charged, and count what was used."""
    lock_ledger()
    count_use(job, images=images, seconds=used_seconds, now=timezone.now())
    organization_id, person_id = job.project.organization_id, job.created_by_id
    ledger = read_ledger({organization_id}, {(organization_id, person_id)})
    ledger.correct(organization_id, person_id, seconds=used_seconds - job.estimated_seconds)
    write_ledger(ledger, organization_id=organization_id, person_id=person_id)


def learn_speed(request: GenerationRequest, *, seconds: float) -> None:
    """Know the speed of the model better after one more picture."""
    model = ModelVersion.objects.get(pk=request.model_version_id)
    work = work_of(width=request.width, height=request.height, steps=request.steps, cfg=request.cfg)
    model.seconds_per_tflop = learned_speed(model.seconds_per_tflop, work=work, seconds=seconds)
    model.save(update_fields=["seconds_per_tflop"])


def estimate_seconds(model: ModelVersion, ask: ImageAsk) -> float:
    """The GPU seconds that one picture of the ask will take, as far as is known."""
    return seconds_of(
        model.seconds_per_tflop,
        width=ask.width,
        height=ask.height,
        steps=ask.steps,
        cfg=ask.cfg,
    )


def _write(account: Account, organization_id: int, person_id: int | None) -> None:
    # The weight is not the scheduler's to change.
    ShareAccount.objects.update_or_create(
        organization_id=organization_id,
        person_id=person_id,
        defaults={"finish": account.finish, "clock": account.clock},
    )
