"""The machines as operators and others see them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.errors import NotPermitted, NotVisible
from generation.actions.workers import register_worker, retire_worker
from generation.models import CircuitBreaker, GenerationJob, ModelVersion, Worker, WorkerSlot
from generation.queries.machines import machine_in, machines_of, slot_for, troubles_now
from generation.types import JobStatus, Trouble, WorkerState
from tests.builders import World, access_of, make_operator, make_person
from tests.generation.builders import SYSTEM, ask_for, make_preview_model

pytestmark = pytest.mark.django_db

GB = 2**30


def start(slot: str, **columns: object) -> Worker:
    worker = register_worker(access=SYSTEM, slot=slot, engines=["preview"])
    Worker.objects.filter(pk=worker.pk).update(**columns)
    worker.refresh_from_db()
    return worker


def run_a_picture(world: World, worker: Worker) -> GenerationJob:
    jobs = ask_for(world.pets, world.uma).jobs
    jobs.update(
        status=JobStatus.RUNNING, attempt_token=uuid4(), worker=worker, started_at=timezone.now()
    )
    return jobs.get()


def hold_against(worker: Worker, model: ModelVersion, **columns: object) -> None:
    CircuitBreaker.objects.create(
        slot=worker.slot, model_version=model, failures=5, code="gpu_fault", **columns
    )


def names(machines) -> list[tuple[str, str]]:
    return [(machine.name, machine.status) for machine in machines]


def test_operator_sees_who_the_picture_is_for(world: World) -> None:
    job = run_a_picture(world, start("render-1"))

    (machine,) = machines_of(access_of(make_operator()))

    assert (machine.status, list(machine.jobs)) == ("busy", [job])


@pytest.mark.parametrize("person", ["uma", "ada", "mallory"])
def test_everybody_else_sees_only_that_it_is_busy(world: World, person: str) -> None:
    worker = start("render-1")
    run_a_picture(world, worker)
    hold_against(worker, make_preview_model(), message="CUDA error in /srv/models")

    (machine,) = machines_of(access_of(getattr(world, person)))

    assert (machine.status, machine.jobs) == ("busy", ())
    assert (machine.faults[0].code, machine.faults[0].message) == ("gpu_fault", "")


def test_person_of_no_organization_sees_nothing(world: World) -> None:
    with pytest.raises(NotVisible):
        machines_of(access_of(make_person("zoe")))


def test_live_ones_come_first_then_the_last_of_every_empty_place(db: None) -> None:
    start("b")
    start("a", stopped_at=timezone.now())
    lost = timezone.now() - timedelta(minutes=1)
    start("c", last_seen_at=lost - timedelta(days=1))
    start("c", last_seen_at=lost)
    paused = start("d")
    WorkerSlot.objects.filter(pk=paused.slot_id).update(state=WorkerState.PAUSED)

    machines = machines_of(SYSTEM)

    assert names(machines) == [("b", "ready"), ("d", "paused"), ("a", "gone"), ("c", "gone")]
    assert machines[3].worker.last_seen_at == lost


def test_place_shows_its_new_worker_and_not_the_last_one(db: None) -> None:
    retire_worker(access=SYSTEM, worker_id=start("render-1").pk)
    new = start("render-1")

    assert [machine.worker for machine in machines_of(SYSTEM)] == [new]


def test_memory_is_told_as_the_tier_of_the_loaded_model(db: None) -> None:
    model = make_preview_model()
    ModelVersion.objects.update(
        vram_tiers=[
            {"name": "vast", "min_free_gb": 40, "side": 2048},
            {"name": "rest", "min_free_gb": 0, "side": 512},
        ]
    )
    start("a", free_bytes=30 * GB, held_bytes=20 * GB, resident_model=model)
    start("b", free_bytes=7 * GB, held_bytes=0)
    start("c")

    tiers = [machine.tier for machine in machines_of(SYSTEM)]

    assert [tier and tier.name for tier in tiers] == ["vast", "medium", None]


def test_another_version_and_an_older_format_are_noticed(db: None) -> None:
    start("a")
    start("b", version="0.0.1", row_format=0)

    same, other = machines_of(SYSTEM)

    assert (same.is_of_another_version, same.leaves_newer_work) == (False, False)
    assert (other.is_of_another_version, other.leaves_newer_work) == (True, True)


def test_breaker_is_open_until_its_time_is_over(db: None) -> None:
    worker = start("a")
    now = timezone.now()
    models = [ModelVersion.objects.create(name=f"M{n}", engine="preview") for n in range(3)]
    hold_against(worker, models[0], open_until=now + timedelta(minutes=1))
    hold_against(worker, models[1], open_until=now - timedelta(minutes=1))
    CircuitBreaker.objects.create(slot=worker.slot, model_version=models[2])  # holds nothing

    faults = machines_of(SYSTEM)[0].faults

    assert [(fault.model, fault.is_open) for fault in faults] == [("M0", True), ("M1", False)]


def test_queries_do_not_grow_with_the_machines(world: World, django_assert_num_queries) -> None:
    model = make_preview_model()
    access = access_of(make_operator())
    for number in range(8):
        worker = start(f"render-{number}")
        hold_against(worker, model)
        run_a_picture(world, worker)

    with django_assert_num_queries(3):
        for machine in machines_of(access):
            assert str(machine.jobs[0].project.organization)
            assert machine.jobs[0].request.model_version == model


def test_troubles_are_told_worst_first(db: None) -> None:
    assert troubles_now() == [Trouble.NO_WORKER]
    worker = start("a")
    assert troubles_now() == []
    WorkerSlot.objects.update(state=WorkerState.DRAINING)
    hold_against(worker, make_preview_model(), open_until=timezone.now() + timedelta(minutes=1))
    assert troubles_now() == [Trouble.ALL_PAUSED, Trouble.BREAKER_OPEN]
    start("b")
    assert troubles_now() == [Trouble.BREAKER_OPEN]


def test_breaker_of_a_machine_that_is_gone_troubles_nobody(db: None) -> None:
    worker = start("a", stopped_at=timezone.now())
    start("b")
    hold_against(worker, make_preview_model(), open_until=timezone.now() + timedelta(minutes=1))

    assert troubles_now() == []


def test_place_is_found_by_operators_only(world: World) -> None:
    worker = start("a")

    assert slot_for(access_of(make_operator()), worker.slot_id) == worker.slot
    with pytest.raises(NotPermitted):
        slot_for(access_of(world.ada), worker.slot_id)
    with pytest.raises(NotVisible):
        slot_for(SYSTEM, worker.slot_id + 1)
    with pytest.raises(NotVisible):
        machine_in(SYSTEM, worker.slot_id + 1)
