"""What workers tell of themselves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.errors import NotPermitted
from generation.actions.workers import beat, register_worker, report_device, retire_worker
from generation.gpu_memory import DeviceMemory
from generation.models import Worker
from generation.queries.workers import device_uuid_of
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, make_preview_model

pytestmark = pytest.mark.django_db

GB = 2**30
MEMORY = DeviceMemory(uuid="GPU-1", free_bytes=30 * GB, total_bytes=80 * GB, held_bytes=20 * GB)


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
    report_device(
        access=SYSTEM, worker_id=worker.pk, device="H100", device_uuid="GPU-1", held_bytes=5 * GB
    )

    beat(
        access=SYSTEM,
        worker_id=worker.pk,
        memory=DeviceMemory(uuid="GPU-1", free_bytes=GB, total_bytes=80 * GB),
    )

    worker.refresh_from_db()
    assert (worker.free_bytes, worker.held_bytes) == (GB, 5 * GB)


def test_report_replaces_the_last_one(worker: Worker) -> None:
    model = make_preview_model()
    report_device(
        access=SYSTEM,
        worker_id=worker.pk,
        device="NVIDIA H100",
        device_uuid="6cb0",  # as torch writes it
        held_bytes=5 * GB,
        resident_model_id=model.pk,
    )
    worker.refresh_from_db()
    assert (worker.device, worker.device_uuid) == ("NVIDIA H100", "GPU-6cb0")
    assert (worker.held_bytes, worker.resident_model) == (5 * GB, model)

    report_device(access=SYSTEM, worker_id=worker.pk, device="NVIDIA H100", device_uuid="6cb0")

    worker.refresh_from_db()
    assert (worker.held_bytes, worker.resident_model) == (None, None)


def test_worker_whose_row_is_closed_is_told(worker: Worker) -> None:
    retire_worker(access=SYSTEM, worker_id=worker.pk)

    assert not beat(access=SYSTEM, worker_id=worker.pk, memory=MEMORY)
    assert not report_device(access=SYSTEM, worker_id=worker.pk, device="x")
    assert device_uuid_of(uuid4()) == ""


def test_only_processes_of_the_site_report(world: World, worker: Worker) -> None:
    with pytest.raises(NotPermitted):
        report_device(access=access_of(world.ada), worker_id=worker.pk, device="x")
