"""Drained: a real worker finishes its picture, gives its memory back, and loads nothing."""

from __future__ import annotations

import pytest

from generation.actions.slots import set_slot_state
from generation.models import GenerationJob, Worker, WorkerSlot
from generation.types import JobStatus, WorkerState
from tests.builders import World
from tests.generation.builders import SYSTEM, ask_for, make_preview_model
from tests.generation.processes import running, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MEMORY = {"ATELIER_WORKER_NAME": "drained", "ATELIER_SIMULATED_VRAM_GB": "24"}


def alive() -> Worker | None:
    return Worker.objects.filter(stopped_at__isnull=True).select_related("resident_model").first()


def test_drained_worker_finishes_its_picture_and_the_next_life_loads_nothing(world: World) -> None:
    make_preview_model()
    request = ask_for(world.pets, world.uma, steps=8)
    with running("gpu_worker", ATELIER_PREVIEW_STEP_SECONDS="0.5", **MEMORY) as worker:
        drawing = GenerationJob.objects.filter(status=JobStatus.RUNNING, step__gte=1)
        wait_for(drawing.exists, seconds=40, what="the picture under way")
        WorkerSlot.objects.filter(name="drained").update(state=WorkerState.DRAINING)

        assert worker.wait(40) == 0

    assert request.jobs.get().status == JobStatus.SUCCEEDED
    with running("gpu_worker", **MEMORY):
        wait_for(lambda: alive() is not None, seconds=30, what="the next life")
        wait_for(lambda: bool(alive() and alive().device), seconds=30, what="its report")
        found = alive()
        assert found is not None
        assert found.resident_model is None
        ask_for(world.pets, world.uma)
        slot = WorkerSlot.objects.get()
        set_slot_state(access=SYSTEM, slot=slot, state=WorkerState.ACTIVE)
        wait_for(
            lambda: GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).count() == 2,
            seconds=30,
            what="the next picture after it was let go on",
        )
