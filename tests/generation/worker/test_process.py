"""How a worker process answers tickets."""

from __future__ import annotations

import pytest

from generation.dispatch import gpu_queue
from generation.models import GenerationJob
from generation.types import JobStatus
from generation.worker.process import WorkerProcess
from tests.builders import World
from tests.generation.builders import ask_for, make_runner

pytestmark = pytest.mark.django_db(transaction=True)


def make_process() -> WorkerProcess:
    runner = make_runner()
    return WorkerProcess(runner.host, runner.worker)


def test_ticket_that_finds_nothing_to_start_is_not_answered_with_another(world: World) -> None:
    ask_for(world.pets, world.uma)
    GenerationJob.objects.update(engine="of another worker")
    gpu_queue().empty()

    make_process().serve()

    assert gpu_queue().count == 0  # or the worker would turn in circles as fast as it can


def test_after_a_picture_the_next_ticket_lies_ready(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)
    gpu_queue().empty()

    make_process().serve()

    assert GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).count() == 1
    assert gpu_queue().count == 1
