"""Tickets: for every pool that has workers, one or two for each of them."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings as site

from generation.actions.workers import register_worker, retire_worker
from generation.dispatch import gpu_queue, ring
from generation.models import GenerationJob, Worker, WorkerSlot
from generation.types import JobStatus, WorkerState
from generation.worker.process import is_ticket
from tests.builders import World, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for
from tests.generation.processes import running, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def tickets(pool: str = "gpu") -> int:
    return gpu_queue(pool=pool).count


def workers(count: int, pool: str = "gpu") -> list:
    return [
        register_worker(access=SYSTEM, slot=f"{pool}-{number}", engines=["preview"], pool=pool)
        for number in range(count)
    ]


def wait_for_pictures(world: World, count: int) -> None:
    open_at_all_hours(world.lantern, max_images_per_request=count)
    ask_for(world.pets, world.uma, count=count)


def test_no_more_than_two_tickets_lie_ready_for_a_worker_however_much_waits(world: World) -> None:
    workers(3)
    wait_for_pictures(world, 30)

    for _ in range(5):
        ring()

    assert tickets() == 6


def test_no_more_tickets_than_pictures(world: World) -> None:
    workers(3)
    wait_for_pictures(world, 2)
    ring()

    assert tickets() == 2


def test_every_pool_with_workers_gets_its_own(world: World) -> None:
    workers(1)
    workers(2, "batch")
    wait_for_pictures(world, 30)
    ring()

    assert (tickets(), tickets("batch"), tickets("nobody")) == (2, 4, 0)
    assert gpu_queue(pool="batch").name == "gpu-batch"
    assert all(is_ticket(job) for job in gpu_queue(pool="batch").get_jobs())


def test_pool_whose_workers_are_gone_or_paused_gets_none(world: World) -> None:
    (gone,) = workers(1, "gone")
    retire_worker(access=SYSTEM, worker_id=gone.pk)
    (paused,) = workers(1, "paused")
    WorkerSlot.objects.filter(pk=paused.slot_id).update(state=WorkerState.PAUSED)
    wait_for_pictures(world, 5)
    ring()

    assert (tickets("gone"), tickets("paused"), tickets()) == (0, 0, 0)


def test_tickets_that_lie_there_from_before_are_counted_and_harm_nobody(world: World) -> None:
    there = workers(4)
    wait_for_pictures(world, 30)
    ring()
    for worker in there[1:]:
        retire_worker(access=SYSTEM, worker_id=worker.pk)

    ring()

    assert tickets() == 8
    assert all(is_ticket(job) for job in gpu_queue().get_jobs())


def test_tickets_of_every_pool_are_data_and_not_code(world: World) -> None:
    workers(1, "batch")
    wait_for_pictures(world, 1)
    ring()

    with redis.Redis.from_url(site.REDIS_URL) as connection:
        (job_id,) = connection.lrange("rq:queue:gpu-batch", 0, -1)
        data = connection.hget(f"rq:job:{job_id.decode()}", "data")

    assert not data.startswith(b"\x80"), "not a pickle"


def test_worker_listens_to_the_queue_of_its_own_pool(db: None, settings) -> None:
    assert gpu_queue().name == "gpu"
    settings.WORKER_POOL = "batch"
    assert gpu_queue().name == "gpu-batch"


@pytest.mark.slow
def test_worker_of_a_pool_of_its_own_answers_its_tickets(world: World) -> None:
    wait_for_pictures(world, 1)
    with running("gpu_worker", ATELIER_WORKER_POOL="batch"):
        wait_for(
            lambda: GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).exists(),
            seconds=40,
            what="a picture from a worker of another pool",
        )
    assert Worker.objects.get().pool == "batch"
    assert WorkerSlot.objects.get().name.endswith("-1")


def test_without_redis_nothing_is_raised(world: World, tmp_path) -> None:
    workers(1)
    wait_for_pictures(world, 1)
    site.RQ_QUEUES["gpu"]["URL"] = f"unix://{tmp_path}/nobody.sock"

    ring()
