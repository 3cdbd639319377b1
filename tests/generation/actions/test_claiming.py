"""Which of the waiting jobs a worker may take: model, memory, breaker, pause, row format, time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from generation.actions.running import (
    Claim,
    claim_next_job,
    complete_job,
    fail_attempt,
    hand_back,
    release_due_jobs,
)
from generation.actions.workers import register_worker
from generation.models import (
    ROW_FORMAT,
    CircuitBreaker,
    Demand,
    GenerationJob,
    ModelVersion,
    Worker,
    WorkerSlot,
)
from generation.scheduling import AFFINITY_SECONDS
from generation.types import JobStatus, WorkerState
from generation.worker.drawing import spec_of
from generation.worker.hosting import EngineHost
from generation.worker.one_by_one import OneByOne
from tests.builders import World, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for, make_preview_model, make_runner, run_all

pytestmark = pytest.mark.django_db(transaction=True)
GB = 2**30


@pytest.fixture
def worker(world: World) -> Worker:
    open_at_all_hours(world.lantern, max_running_per_person=64)
    return register_worker(access=SYSTEM, slot="one", engines=["preview"])


def claim(worker: Worker) -> Claim | None:
    return claim_next_job(access=SYSTEM, worker=worker)


def with_memory(worker: Worker, free: float, held: float = 0) -> None:
    Worker.objects.filter(pk=worker.pk).update(
        free_bytes=int(free * GB), held_bytes=int(held * GB), total_bytes=24 * GB
    )


def fail(claimed: Claim, code: str = "engine_failure") -> None:
    fail_attempt(access=SYSTEM, claim=claimed, code=code, message="It broke.")


def test_picture_that_does_not_fit_lets_smaller_ones_of_its_maker_pass(world, worker) -> None:
    ask_for(world.pets, world.uma, width=1024, height=1024)
    small = ask_for(world.pets, world.uma, width=512, height=512)
    with_memory(worker, free=4, held=3)

    first, second = claim(worker), claim(worker)

    assert first is not None
    assert first.job.request_id == small.pk
    assert second is None


def test_memory_that_the_worker_holds_itself_counts_as_available(world, worker) -> None:
    ask_for(world.pets, world.uma, width=1024, height=1024)
    with_memory(worker, free=2, held=19)

    assert claim(worker) is not None


def test_picture_is_made_smaller_only_if_its_maker_said_so(world, worker) -> None:
    ask_for(world.pets, world.uma, width=1024, height=768, may_shrink=True)
    with_memory(worker, free=4)

    claimed = claim(worker)

    assert claimed is not None
    assert claimed.largest_side == 512
    spec = spec_of(claimed)
    assert spec.width * spec.height <= 512 * 512 * 1.02
    assert spec.width / spec.height == pytest.approx(4 / 3, rel=0.05)


def test_smaller_picture_is_archived_with_what_was_asked_and_why(world, worker) -> None:
    ask_for(world.pets, world.uma, width=1024, height=1024, may_shrink=True, steps=1)
    with_memory(worker, free=4)
    claimed = claim(worker)
    assert claimed is not None

    result = EngineHost(_engines()).engine("preview").generate(spec_of(claimed))
    image = complete_job(access=SYSTEM, claim=claimed, result=result, worker=worker)

    picture = image.metadata["picture"]
    assert (image.width, image.height) == (512, 512)
    assert (picture["asked_width"], picture["asked_height"]) == (1024, 1024)
    assert "memory" in picture["size_reason"]


def test_policy_may_say_that_pictures_are_made_smaller(world, worker) -> None:
    open_at_all_hours(world.lantern, shrink=True)
    ask_for(world.pets, world.uma, width=1024, height=1024)
    with_memory(worker, free=4)

    assert claim(worker) is not None


def test_five_failures_in_a_row_pause_the_model_on_this_worker_only(world, worker) -> None:
    ask_for(world.pets, world.uma, count=4)
    ask_for(world.pets, world.uma, count=4)
    for _ in range(5):
        fail(claim(worker))

    assert claim(worker) is None
    breaker = CircuitBreaker.objects.get(slot=worker.slot)
    assert (breaker.failures, breaker.code) == (5, "engine_failure")
    assert breaker.open_until > timezone.now() + timedelta(minutes=4)
    other = register_worker(access=SYSTEM, slot="two", engines=["preview"])
    assert claim(other) is not None


def test_breaker_outlives_the_worker_and_lets_one_probe_through(world, worker) -> None:
    for _ in range(2):
        ask_for(world.pets, world.uma, count=4)
    for _ in range(5):
        fail(claim(worker))
    CircuitBreaker.objects.update(open_until=timezone.now() - timedelta(seconds=1))
    again = register_worker(access=SYSTEM, slot="one", engines=["preview"])

    probe, another = claim(again), claim(again)

    assert probe is not None
    assert another is None
    hand_back(access=SYSTEM, claim=probe)
    assert run_all(OneByOne(host=EngineHost(_engines()), worker=again)) == 3
    assert CircuitBreaker.objects.get().failures == 0


def test_pictures_own_fault_does_not_count_against_the_worker(world, worker) -> None:
    for _ in range(2):
        ask_for(world.pets, world.uma, count=4)
    for _ in range(7):
        fail(claim(worker), code="spec_rejected")

    assert claim(worker) is not None


@pytest.mark.parametrize("state", [WorkerState.PAUSED, WorkerState.DRAINING])
def test_worker_that_an_operator_stopped_takes_nothing(world, worker, state) -> None:
    ask_for(world.pets, world.uma)
    WorkerSlot.objects.update(state=state)

    assert claim(worker) is None


def test_worker_leaves_rows_of_a_newer_format_to_newer_workers(world, worker) -> None:
    ask_for(world.pets, world.uma)
    Demand.objects.update(row_format=ROW_FORMAT + 1)

    assert claim(worker) is None
    Worker.objects.update(row_format=ROW_FORMAT + 1)
    assert claim(worker) is not None


def test_worker_takes_jobs_of_its_models_only(world, worker) -> None:
    request = ask_for(world.pets, world.uma)
    Worker.objects.update(model_ids=[request.model_version_id + 1])

    assert claim(worker) is None
    Worker.objects.update(model_ids=[request.model_version_id])
    assert claim(worker) is not None


def test_work_that_waits_for_a_disabled_model_is_still_made(world, worker) -> None:
    ask_for(world.pets, world.uma)
    ModelVersion.objects.update(is_enabled=False)

    assert claim(worker) is not None


def test_resident_model_goes_first_within_its_bound(world, worker) -> None:
    make_preview_model()
    other = ModelVersion.objects.create(name="Other", revision="1", engine="preview")
    ask_for(world.pets, world.rita, model_version_id=other.pk)
    ask_for(world.pets, world.rita, model_version_id=other.pk)
    ask_for(world.pets, world.uma)
    first = claim(worker)
    assert first is not None
    assert first.job.created_by == world.rita
    ask_for(world.pets, world.ada)  # waits for the first model, with nothing served so far

    second = claim(worker)

    assert second is not None
    assert second.job.request.model_version == other
    Worker.objects.update(passed_over_seconds=AFFINITY_SECONDS)
    assert claim(worker).job.request.model_version != other


def test_scheduled_job_waits_for_its_time(world, worker) -> None:
    later = timezone.now() + timedelta(hours=2)
    job = ask_for(world.pets, world.uma, start_at=later).jobs.get()

    assert job.status == JobStatus.SCHEDULED
    assert claim(worker) is None
    assert release_due_jobs(access=SYSTEM) == 0
    GenerationJob.objects.update(start_at=timezone.now() - timedelta(seconds=1))
    assert release_due_jobs(access=SYSTEM) == 1
    assert claim(worker) is not None


def test_closed_row_of_a_worker_takes_nothing(world) -> None:
    ask_for(world.pets, world.uma)
    runner = make_runner()
    Worker.objects.update(stopped_at=timezone.now())

    assert run_all(runner) == 0


def _engines() -> dict[str, dict[str, object]]:
    return {"preview": {"ENGINE": "generation.engines.preview.PreviewEngine", "OPTIONS": {}}}
