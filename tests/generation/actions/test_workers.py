"""What workers tell of themselves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.errors import NotPermitted
from generation.actions.running import claim_next_job, hand_back
from generation.actions.workers import (
    beat,
    register_worker,
    report_device,
    report_memory,
    retire_worker,
)
from generation.engines.base import DeviceMemory
from generation.gpu_memory import DriverReading
from generation.models import Worker, WorkerSlot
from generation.queries.workers import device_uuid_of, has_to_give_back
from generation.types import WorkerState
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, ask_for, make_preview_model

pytestmark = pytest.mark.django_db

GB = 2**30
MEMORY = DriverReading(uuid="GPU-1", free_bytes=30 * GB, total_bytes=80 * GB, held_bytes=20 * GB)
OWN = DeviceMemory(
    device_uuid="6cb0",  # as torch writes it
    name="NVIDIA H100",
    free_bytes=70 * GB,
    total_bytes=80 * GB,
    held_bytes=5 * GB,
)


@pytest.fixture
def worker(db: None) -> Worker:
    return register_worker(access=SYSTEM, slot="render-1", engines=["preview"])


def test_beat_writes_the_memory_down(worker: Worker) -> None:
    assert beat(access=SYSTEM, worker_id=worker.pk, memory=MEMORY)

    worker.refresh_from_db()
    assert (worker.free_bytes, worker.total_bytes, worker.held_bytes) == (
        30 * GB,
        80 * GB,
        20 * GB,
    )
    assert worker.available_bytes == 50 * GB
    assert device_uuid_of(worker.pk) == "GPU-1"


def test_beat_without_memory_leaves_the_last_report(worker: Worker) -> None:
    beat(access=SYSTEM, worker_id=worker.pk, memory=MEMORY)
    before = worker.last_seen_at

    beat(access=SYSTEM, worker_id=worker.pk)

    worker.refresh_from_db()
    assert worker.free_bytes == 30 * GB
    assert worker.last_seen_at > before


def test_what_the_driver_does_not_tell_stays_as_the_worker_reported_it(worker: Worker) -> None:
    report_device(access=SYSTEM, worker_id=worker.pk, device="H100", memory=OWN)

    beat(
        access=SYSTEM,
        worker_id=worker.pk,
        memory=DriverReading(uuid="GPU-6cb0", free_bytes=GB, total_bytes=80 * GB),
    )

    worker.refresh_from_db()
    assert (worker.free_bytes, worker.held_bytes) == (GB, 5 * GB)


def test_report_replaces_the_last_one(worker: Worker) -> None:
    model = make_preview_model()
    report_device(
        access=SYSTEM,
        worker_id=worker.pk,
        device="NVIDIA H100",
        memory=OWN,
        resident_model_id=model.pk,
    )
    worker.refresh_from_db()
    assert (worker.device, worker.device_uuid) == ("NVIDIA H100", "GPU-6cb0")
    assert (worker.held_bytes, worker.resident_model) == (5 * GB, model)

    report_device(access=SYSTEM, worker_id=worker.pk, device="x86_64")

    worker.refresh_from_db()
    assert (worker.held_bytes, worker.resident_model, worker.device_uuid) == (None, None, "")


def test_worker_whose_row_is_closed_is_told(worker: Worker) -> None:
    retire_worker(access=SYSTEM, worker_id=worker.pk)

    assert not beat(access=SYSTEM, worker_id=worker.pk, memory=MEMORY)
    assert not report_device(access=SYSTEM, worker_id=worker.pk, device="x")
    assert device_uuid_of(uuid4()) == ""


def test_only_processes_of_the_site_report(world: World, worker: Worker) -> None:
    with pytest.raises(NotPermitted):
        report_device(access=access_of(world.ada), worker_id=worker.pk, device="x")


def test_memory_is_reported_without_touching_the_resident_model(worker: Worker) -> None:
    model = make_preview_model()
    Worker.objects.update(resident_model=model)

    assert report_memory(access=SYSTEM, worker_id=worker.pk, memory=OWN)

    worker.refresh_from_db()
    assert (worker.free_bytes, worker.resident_model) == (70 * GB, model)


def test_drained_worker_gives_back_once_it_is_done_and_holds_something(world: World) -> None:
    ask_for(world.pets, world.uma)
    worker = register_worker(access=SYSTEM, slot="render-2", engines=["preview"])
    claim = claim_next_job(access=SYSTEM, worker=worker)
    assert claim is not None
    assert not has_to_give_back(worker.pk)
    WorkerSlot.objects.update(state=WorkerState.DRAINING)

    assert not has_to_give_back(worker.pk)  # its picture is still being drawn
    hand_back(access=SYSTEM, claim=claim)
    assert has_to_give_back(worker.pk)
    report_device(access=SYSTEM, worker_id=worker.pk, device="x86_64")
    assert not has_to_give_back(worker.pk)
