"""`manage.py workers`, and how a worker process is told its place and device."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEvent
from generation.actions.workers import register_worker
from generation.management.commands.gpu_worker import on_device
from generation.models import CircuitBreaker, ModelVersion, Worker, WorkerSlot
from generation.types import JobStatus, WorkerState
from tests.builders import World
from tests.generation.builders import SYSTEM, ask_for

pytestmark = pytest.mark.django_db

GB = 2**30


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command("workers", *words, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def worker(world: World) -> Worker:
    worker = register_worker(access=SYSTEM, slot="render-1", engines=["preview"])
    Worker.objects.update(device="H100", total_bytes=80 * GB, free_bytes=38 * GB)
    return worker


def test_table_shows_what_the_page_shows(world: World, worker) -> None:
    ask_for(world.pets, world.uma).jobs.update(
        status=JobStatus.RUNNING, attempt_token=uuid4(), worker=worker
    )
    CircuitBreaker.objects.create(
        slot=worker.slot,
        model_version=ModelVersion.objects.get(),
        failures=5,
        code="gpu_fault",
        message="CUDA error 700",
        open_until=timezone.now() + timedelta(minutes=5),
    )

    heads, row, fault = run()

    assert heads.split()[:3] == ["NAME", "STATE", "POOL"]
    assert row.split()[:3] == ["render-1", "busy", "gpu"]
    for words in ("H100", "38.0 of 80.0 GB free (high)", "Uma/宠物主题", "just now"):
        assert words in row
    assert fault.startswith("render-1: Preview failed 5 times in a row (gpu_fault), left alone")
    assert fault.endswith("CUDA error 700")


def test_worker_is_paused_drained_and_resumed_by_name(worker) -> None:
    assert " paused " in run("--pause", "render-1")[1]
    assert " draining " in run("--drain", "render-1")[1]
    assert WorkerSlot.objects.get().state == WorkerState.DRAINING
    assert " ready " in run("--resume", "render-1")[1]
    event = AuditEvent.objects.get(action="generation.worker_slot.paused")
    assert event.actor_label == "workers"


def test_failures_are_forgotten_by_name(world: World, worker) -> None:
    ask_for(world.pets, world.uma)
    model = ModelVersion.objects.get()
    CircuitBreaker.objects.create(slot=worker.slot, model_version=model, failures=2)

    assert len(run("--reset-breakers", "render-1")) == 2

    assert not CircuitBreaker.objects.exists()


def test_dead_place_keeps_its_order_in_sight_and_is_forgotten(worker) -> None:
    run("--pause", "render-1")
    Worker.objects.update(stopped_at=timezone.now())

    assert "gone, paused" in run()[1]
    assert run("--forget", "render-1") == ["No worker has ever come."]


def test_refusals_are_sentences(worker) -> None:
    with pytest.raises(CommandError, match="no worker of this name"):
        run("--pause", "render-9")
    with pytest.raises(CommandError, match="done already"):
        run("--resume", "render-1")
    with pytest.raises(CommandError, match="Stop it first"):
        run("--forget", "render-1")
    with pytest.raises(CommandError, match="not allowed with"):
        run("--pause", "render-1", "--resume", "render-1")


def test_device_of_a_worker_goes_to_the_engines_that_have_one() -> None:
    engines = {
        "preview": {"ENGINE": "p", "OPTIONS": {"step_seconds": 1}},
        "diffsynth": {"ENGINE": "d", "OPTIONS": {"device": "auto", "model_root": "/m"}},
    }

    on_second = on_device(engines, "cuda:1")

    assert on_second["diffsynth"]["OPTIONS"] == {"device": "cuda:1", "model_root": "/m"}
    assert on_second["preview"] == engines["preview"]
    assert on_device(engines, "") == engines
    assert engines["diffsynth"]["OPTIONS"]["device"] == "auto", "settings stay as they are"
