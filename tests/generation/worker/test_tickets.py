"""A worker answers its own tickets and nothing else that lies in the queue."""

from __future__ import annotations

import pytest

from generation.actions.workers import register_worker
from generation.dispatch import QUEUE, TICKET, gpu_queue, ring
from generation.models import GenerationJob
from generation.types import JobStatus
from generation.worker.process import is_ticket
from tests.builders import World
from tests.generation.builders import SYSTEM, ask_for
from tests.generation.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_own_tickets_are_recognised(world: World) -> None:
    register_worker(access=SYSTEM, engines=["preview"])
    ask_for(world.pets, world.uma)
    ring()

    jobs = gpu_queue().get_jobs()

    assert jobs
    assert all(is_ticket(job) for job in jobs)


def test_ticket_outlives_its_time_and_the_longest_picture_after_it(world: World, settings) -> None:
    settings.JOB_TIME_LIMIT_SECONDS = 1000
    register_worker(access=SYSTEM, engines=["preview"])
    ask_for(world.pets, world.uma)
    ring()

    assert gpu_queue().get_jobs()[0].timeout >= 60 + 1000 + 120


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("os.system", ["true"]), (TICKET, ["more"]), ("generation.worker.tasks.other", [])],
)
def test_anything_else_is_refused(function: str, arguments: list[str]) -> None:
    assert not is_ticket(gpu_queue().enqueue(function, *arguments))


def test_ticket_with_a_callback_is_refused() -> None:
    assert not is_ticket(gpu_queue().enqueue(TICKET, on_success="os.getpid"))


@pytest.mark.slow
def test_worker_throws_a_foreign_ticket_away_and_goes_on(world: World, tmp_path) -> None:
    trace = tmp_path / "trace"
    gpu_queue().enqueue("os.mkdir", str(trace))
    ask_for(world.pets, world.uma)

    with running("gpu_worker"):
        wait_for(
            lambda: GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).exists(),
            seconds=40,
            what="the picture after the foreign ticket",
        )

    assert not trace.exists()
    assert gpu_queue().name == QUEUE
