"""Taking everything back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.roles import Permission
from generation.actions.cancelling import cancel_own
from generation.actions.running import claim_next_job
from generation.actions.workers import register_worker
from generation.models import GenerationJob
from generation.types import JobStatus
from tests.builders import World, access_of
from tests.concurrency import at_once
from tests.generation.builders import SYSTEM, ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db


def cancel(person, **options: object) -> int:
    return cancel_own(access=access_of(person), person_id=person.pk, **options)


def claim():
    worker = register_worker(access=SYSTEM, engines=["preview"])
    return claim_next_job(access=SYSTEM, worker=worker)


def statuses(person) -> list[str]:
    return sorted(person.jobs.values_list("status", flat=True))


def test_everything_that_is_not_finished_is_cancelled(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)
    run_all(make_runner())
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.products, world.uma, start_at=timezone.now() + timedelta(hours=1))
    running = claim()
    others = ask_for(world.pets, world.rita)

    assert cancel(world.uma) == 3

    running.job.refresh_from_db()
    assert running.job.cancel_requested_at is not None
    assert statuses(world.uma) == ["cancelled"] * 2 + ["running"] + ["succeeded"] * 2
    assert others.jobs.get().status == JobStatus.QUEUED


def test_in_one_project_the_others_go_on(world: World) -> None:
    ask_for(world.pets, world.uma)
    elsewhere = ask_for(world.products, world.uma)

    assert cancel(world.uma, project=world.pets) == 1

    assert elsewhere.jobs.get().status == JobStatus.QUEUED
    event = AuditEvent.objects.get(action="generation.work.cancelled")
    assert (event.project, event.data) == (world.pets, {"count": 1})


def test_nothing_to_cancel_is_no_fault(world: World) -> None:
    assert cancel(world.uma) == 0
    assert not AuditEvent.objects.filter(action="generation.work.cancelled").exists()


def test_nobody_cancels_the_work_of_somebody_else(world: World) -> None:
    ask_for(world.pets, world.uma)

    for person in (world.ada, world.mallory):
        with pytest.raises(NotVisible):
            cancel_own(access=access_of(person), person_id=world.uma.pk)
    with pytest.raises(NotVisible):
        cancel(world.uma, project=world.harbour_project)


def test_a_token_that_may_only_read_cancels_nothing(world: World) -> None:
    ask_for(world.pets, world.uma)
    reader = access_of(world.uma).limited_to(frozenset({Permission.VIEW_GALLERY}))

    assert cancel_own(access=reader, person_id=world.uma.pk) == 0
    with pytest.raises(NotPermitted):
        cancel_own(access=reader, person_id=world.uma.pk, project=world.pets)


@pytest.mark.django_db(transaction=True)
def test_a_claim_of_the_same_moment_is_asked_to_stop(world: World) -> None:
    for _ in range(4):
        GenerationJob.objects.all().delete()
        ask_for(world.pets, world.uma, count=4)

        cancelled, claimed = at_once(2, lambda number: claim() if number else cancel(world.uma))

        assert cancelled == 4
        left = GenerationJob.objects.exclude(status=JobStatus.CANCELLED)
        if claimed:
            assert left.get().cancel_requested_at is not None
        else:
            assert not left.exists()
