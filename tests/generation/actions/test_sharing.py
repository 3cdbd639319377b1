"""The fair share between the database and the scheduler."""

from __future__ import annotations

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections

from accounts import grants
from accounts.errors import InvalidInput, NotPermitted
from accounts.models import Membership
from generation.actions.running import Claim, claim_next_job, hand_back
from generation.actions.sharing import set_weight
from generation.actions.workers import register_worker
from generation.models import GenerationJob, ModelVersion, ShareAccount
from generation.queries.waiting import explain_heads, people_waiting
from generation.types import JobLane, JobStatus
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db(transaction=True)


def claim() -> Claim:
    worker = register_worker(access=SYSTEM, engines=["preview"])
    claimed = claim_next_job(access=SYSTEM, worker=worker)
    assert claimed is not None
    return claimed


def account(organization, person=None) -> ShareAccount:
    return ShareAccount.objects.get(organization=organization, person=person)


def test_newcomer_is_next_whatever_others_have_waiting(world: World) -> None:
    for _ in range(5):
        ask_for(world.pets, world.uma, count=4)
    first = claim()
    ask_for(world.pets, world.rita)

    assert (first.job.created_by, claim().job.created_by) == (world.uma, world.rita)


def test_organizations_take_turns_however_many_people_they_are(world: World) -> None:
    open_at_all_hours(world.lantern, max_running_per_person=16)
    for person in (world.uma, world.rita, world.ada):
        ask_for(world.pets, person, count=2)
    ask_for(world.harbour_project, world.mallory, count=3)
    open_at_all_hours(world.harbour, max_running_per_person=16)

    owners = [claim().job.project for _ in range(6)]

    assert owners.count(world.harbour_project) == 3


def test_started_job_is_charged_and_then_corrected_to_what_it_took(world: World) -> None:
    ask_for(world.pets, world.uma)
    ModelVersion.objects.update(seconds_per_tflop=1000)
    ask_for(world.pets, world.rita)
    run_all(make_runner())

    for person in (world.uma, world.rita):
        assert 0 < account(world.lantern, person).finish < 10


def test_speed_of_a_model_is_learned_from_its_pictures(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)

    run_all(make_runner())

    assert ModelVersion.objects.get().seconds_per_tflop > 0


def test_job_that_is_handed_back_is_not_paid_for(world: World) -> None:
    ask_for(world.pets, world.uma)
    claimed = claim()
    charged = account(world.lantern, world.uma).finish

    hand_back(access=SYSTEM, claim=claimed)

    assert account(world.lantern, world.uma).finish < charged


def test_work_that_is_refused_at_the_last_moment_pays_nothing_back(world: World) -> None:
    ask_for(world.pets, world.uma)
    run_all(make_runner())
    before = account(world.lantern, world.uma).finish
    ask_for(world.pets, world.uma)
    Membership.objects.filter(user=world.uma).delete()
    grants.apply(user_id=world.uma.pk, organization_id=world.lantern.pk)

    assert run_all(make_runner()) == 0

    assert account(world.lantern, world.uma).finish == before


def test_background_starts_when_nobody_waits(world: World) -> None:
    ask_for(world.pets, world.uma, lane=JobLane.BACKGROUND)
    ask_for(world.pets, world.rita)

    assert [claim().job.created_by for _ in range(2)] == [world.rita, world.uma]


def test_many_workers_at_once_pass_no_cap_and_take_no_job_twice(world: World) -> None:
    for person in (world.uma, world.rita):
        ask_for(world.pets, person, count=4)
    workers = [register_worker(access=SYSTEM, engines=["preview"]) for _ in range(8)]
    claims: list[Claim | None] = []

    def work(worker) -> None:
        claims.append(claim_next_job(access=SYSTEM, worker=worker))
        connections.close_all()

    threads = [threading.Thread(target=work, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    taken = [claimed.job.pk for claimed in claims if claimed]
    assert len(taken) == len(set(taken)) == 4
    running = GenerationJob.objects.filter(status=JobStatus.RUNNING)
    assert running.filter(created_by=world.uma).count() == 2
    assert running.filter(created_by=world.rita).count() == 2


def test_weight_is_set_by_the_operator_only(world: World) -> None:
    with pytest.raises(NotPermitted):
        set_weight(access=access_of(world.ada), organization=world.lantern, weight=2)
    with pytest.raises(InvalidInput):
        set_weight(access=SYSTEM, organization=world.lantern, weight=0)

    call_command("set_share", "lantern", "2", person="uma@example.com", verbosity=0)

    assert account(world.lantern, world.uma).weight == 2
    with pytest.raises(CommandError, match="not a member"):
        call_command("set_share", "lantern", "2", person="mallory@example.com")


def test_people_who_wait_are_found_through_the_index(world: World) -> None:
    for person in (world.uma, world.rita):
        job = ask_for(world.pets, person).jobs.get()
        # As many as make it worth a planner's while; it knows after ANALYZE.
        GenerationJob.objects.bulk_create(
            GenerationJob(
                request=job.request,
                project=job.project,
                created_by=person,
                index=index,
                seed=index,
                steps=job.steps,
                engine=job.engine,
                demand=job.demand,
                queued_at=job.queued_at,
            )
            for index in range(1, 2000)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE generation_generationjob")

    assert people_waiting() == sorted([world.uma.pk, world.rita.pk])
    assert "first_waiting_job_of_each" in explain_heads()
