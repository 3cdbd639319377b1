"""What operators tell workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import InvalidTransition, NotPermitted
from accounts.models import AuditEvent
from generation.actions.running import claim_next_job
from generation.actions.slots import forget_slot, reset_breakers, set_slot_state
from generation.actions.workers import register_worker, retire_worker
from generation.models import CircuitBreaker, GenerationJob, ModelVersion, Worker, WorkerSlot
from generation.types import JobStatus, WorkerState
from tests.builders import World, access_of, make_operator
from tests.concurrency import at_once
from tests.generation.builders import SYSTEM, ask_for, make_preview_model

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(db: None) -> Worker:
    return register_worker(access=SYSTEM, slot="render-1", engines=["preview"])


def slot_of(worker: Worker) -> WorkerSlot:
    assert worker.slot is not None
    return WorkerSlot.objects.get(pk=worker.slot_id)


def open_breaker(slot: WorkerSlot, model: ModelVersion) -> CircuitBreaker:
    return CircuitBreaker.objects.create(
        slot=slot,
        model_version=model,
        failures=5,
        open_until=timezone.now() + timedelta(minutes=5),
        code="gpu_fault",
    )


@pytest.mark.parametrize("state", [WorkerState.PAUSED, WorkerState.DRAINING])
def test_paused_worker_takes_nothing_until_it_is_resumed(
    world: World, worker: Worker, state: WorkerState
) -> None:
    olga = access_of(make_operator())
    ask_for(world.pets, world.uma)

    set_slot_state(access=olga, slot=slot_of(worker), state=state)
    assert claim_next_job(access=SYSTEM, worker=worker) is None

    set_slot_state(access=olga, slot=slot_of(worker), state=WorkerState.ACTIVE)
    assert claim_next_job(access=SYSTEM, worker=worker) is not None


def test_the_order_outlives_the_process_and_says_who_gave_it(worker: Worker) -> None:
    olga = make_operator()
    set_slot_state(access=access_of(olga), slot=slot_of(worker), state=WorkerState.PAUSED)
    retire_worker(access=SYSTEM, worker_id=worker.pk)

    register_worker(access=SYSTEM, slot="render-1", engines=["preview"])

    slot = WorkerSlot.objects.get()
    assert (slot.state, slot.changed_by) == (WorkerState.PAUSED, olga)
    event = AuditEvent.objects.get(action="generation.worker_slot.paused")
    assert (event.organization, event.target_label) == (None, "render-1")


def test_of_two_operators_at_once_the_second_is_told(worker: Worker) -> None:
    olga = access_of(make_operator())
    states = [WorkerState.PAUSED, WorkerState.DRAINING]
    slots = [slot_of(worker), slot_of(worker)]  # both look at a working one

    done = at_once(
        2,
        lambda number: set_slot_state(access=olga, slot=slots[number], state=states[number]) or 1,
        refusal=InvalidTransition,
    )

    assert sorted(done, key=str) == [1, None]
    assert AuditEvent.objects.filter(action__startswith="generation.worker_slot").count() == 1


def test_pausing_twice_is_refused(worker: Worker) -> None:
    olga = access_of(make_operator())
    set_slot_state(access=olga, slot=slot_of(worker), state=WorkerState.PAUSED)

    with pytest.raises(InvalidTransition):
        set_slot_state(access=olga, slot=slot_of(worker), state=WorkerState.PAUSED)


def test_reset_lets_the_worker_try_at_once(world: World, worker: Worker) -> None:
    ask_for(world.pets, world.uma)
    model = ModelVersion.objects.get()
    open_breaker(slot_of(worker), model)
    assert claim_next_job(access=SYSTEM, worker=worker) is None

    reset_breakers(access=access_of(make_operator()), slot=slot_of(worker), model_version=model)

    assert claim_next_job(access=SYSTEM, worker=worker) is not None
    event = AuditEvent.objects.get(action="generation.worker_slot.breakers_reset")
    assert event.data == {"models": "Preview"}


def test_reset_of_one_model_leaves_the_others(worker: Worker) -> None:
    olga = access_of(make_operator())
    one = make_preview_model()
    other = ModelVersion.objects.create(name="Other", engine="preview")
    for model in (one, other):
        open_breaker(slot_of(worker), model)

    assert reset_breakers(access=olga, slot=slot_of(worker), model_version=one) == 1
    assert CircuitBreaker.objects.get().model_version == other
    assert reset_breakers(access=olga, slot=slot_of(worker)) == 1
    with pytest.raises(InvalidTransition):
        reset_breakers(access=olga, slot=slot_of(worker))


def test_place_is_forgotten_with_its_workers_and_jobs_stay(world: World, worker: Worker) -> None:
    ask_for(world.pets, world.uma)
    claim = claim_next_job(access=SYSTEM, worker=worker)
    assert claim is not None
    GenerationJob.objects.update(
        status=JobStatus.CANCELLED, finished_at=timezone.now(), attempt_token=None
    )
    olga = access_of(make_operator())
    with pytest.raises(InvalidTransition):
        forget_slot(access=olga, slot=slot_of(worker))
    retire_worker(access=SYSTEM, worker_id=worker.pk)

    forget_slot(access=olga, slot=slot_of(worker))

    assert not WorkerSlot.objects.exists()
    assert not Worker.objects.exists()
    assert GenerationJob.objects.get().worker is None
    assert AuditEvent.objects.get(action="generation.worker_slot.forgotten").organization is None


@pytest.mark.parametrize("person", ["uma", "rita", "ada", "mallory"])
def test_nobody_but_operators_tells_a_worker_anything(
    world: World, worker: Worker, person: str
) -> None:
    access = access_of(getattr(world, person))
    slot = slot_of(worker)
    open_breaker(slot, make_preview_model())

    with pytest.raises(NotPermitted):
        set_slot_state(access=access, slot=slot, state=WorkerState.PAUSED)
    with pytest.raises(NotPermitted):
        reset_breakers(access=access, slot=slot)
    with pytest.raises(NotPermitted):
        forget_slot(access=access, slot=slot)
