"""How a worker process answers tickets."""

from __future__ import annotations

import signal

import pytest
from rq.timeouts import JobTimeoutException

from generation.dispatch import TICKETS_FOR_EACH, gpu_queue
from generation.models import GenerationJob
from generation.types import JobStatus
from generation.worker.process import GpuWorker, WorkerProcess
from tests.builders import World
from tests.generation.builders import ask_for, make_runner

pytestmark = pytest.mark.django_db(transaction=True)


def make_process(step_seconds: float = 0) -> WorkerProcess:
    engine = "generation.engines.preview.PreviewEngine"
    runner = make_runner(preview={"ENGINE": engine, "OPTIONS": {"step_seconds": step_seconds / 2}})
    return WorkerProcess(runner.host, runner.worker)


def serve(process: WorkerProcess) -> None:
    """Answer one ticket and let everything be settled."""
    with process.runner:
        process.serve()


def test_ticket_that_finds_nothing_to_start_is_not_answered_with_another(world: World) -> None:
    ask_for(world.pets, world.uma)
    GenerationJob.objects.update(engine="of another worker")
    gpu_queue().empty()

    serve(make_process())

    assert gpu_queue().count == 0  # or the worker would turn in circles as fast as it can


def test_one_ticket_is_enough_for_everything_that_waits(world: World) -> None:
    for person in (world.uma, world.rita):
        ask_for(world.pets, person, count=2)
    gpu_queue().empty()

    serve(make_process())

    assert set(GenerationJob.objects.values_list("status", flat=True)) == {JobStatus.SUCCEEDED}


def test_after_its_time_a_ticket_is_over_and_the_next_one_lies_ready(
    world: World, monkeypatch
) -> None:
    monkeypatch.setattr("generation.worker.process.TICKET_SECONDS", 0.1)
    ask_for(world.pets, world.uma, count=4)
    GenerationJob.objects.update(estimated_seconds=1000)  # nothing is claimed ahead too early
    gpu_queue().empty()
    process = make_process(step_seconds=0.3)

    serve(process)

    assert GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).count() == 1
    assert GenerationJob.objects.filter(status=JobStatus.QUEUED).count() == 3
    assert gpu_queue().count == TICKETS_FOR_EACH
    assert not process.faulty


def test_worker_that_was_asked_to_stop_begins_nothing(world: World) -> None:
    ask_for(world.pets, world.uma)
    process = make_process()
    process.stop.ask(30)

    serve(process)

    assert GenerationJob.objects.get().status == JobStatus.QUEUED


def test_rq_sets_no_alarm_in_a_worker() -> None:
    with GpuWorker.death_penalty_class(1, JobTimeoutException):
        assert signal.alarm(0) == 0
