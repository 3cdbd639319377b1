"""Real processes, really killed: every job ends once, with one image and no orphan file."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from assets.models import Image, PendingFile
from assets.storage import archive_storage, read, sha256_of
from generation.models import GenerationJob, GenerationRequest, Worker
from generation.types import JobStatus
from tests.builders import World
from tests.generation.builders import ask_for
from tests.generation.processes import running, wait_for

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STEP_SECONDS = "0.05"  # 4 steps: a picture takes long enough to be killed in the middle of it


def ask_for_twenty(world: World) -> list[GenerationRequest]:
    return [
        ask_for(world.pets, person, count=4, steps=4, seed=1000 * number)
        for number, person in enumerate([world.uma, world.rita, world.ada, world.paul, world.uma])
    ]


def succeeded() -> int:
    return GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).count()


def is_running() -> bool:
    return GenerationJob.objects.filter(status=JobStatus.RUNNING, step__gte=1).exists()


def assert_nothing_is_lost_or_doubled(count: int) -> None:
    jobs = GenerationJob.objects.select_related("image")
    assert [job.status for job in jobs] == [JobStatus.SUCCEEDED] * count
    images = Image.objects.all()
    assert len(images) == count
    assert len({job.image_id for job in jobs}) == count
    for image in images:
        assert sha256_of(read(image.path)) == image.sha256
    root = Path(archive_storage().location)
    files = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    rows = set(Image.objects.values_list("path", flat=True)) | set(
        Image.objects.values_list("renditions__path", flat=True)
    )
    assert files == rows
    assert not PendingFile.objects.exists()


def test_killed_worker_and_wiped_redis_lose_and_repeat_nothing(world: World) -> None:
    with running("dispatcher"):
        ask_for_twenty(world)
        with running("gpu_worker", ATELIER_PREVIEW_STEP_SECONDS=STEP_SECONDS) as doomed:
            wait_for(lambda: succeeded() >= 3 and is_running(), seconds=40, what="20 jobs started")
            os.kill(doomed.pid, signal.SIGKILL)
            doomed.wait()

        with running("gpu_worker", ATELIER_PREVIEW_STEP_SECONDS=STEP_SECONDS):
            wait_for(lambda: succeeded() == 20, seconds=60, what="20 jobs after kill -9")

            ask_for_twenty(world)
            wait_for(lambda: succeeded() >= 23 and is_running(), seconds=40, what="20 more")
            with redis.Redis.from_url(settings.REDIS_URL) as connection:
                connection.flushall()
            wait_for(lambda: succeeded() == 40, seconds=60, what="20 jobs after FLUSHALL")

    assert_nothing_is_lost_or_doubled(40)


def being_saved() -> int:
    return GenerationJob.objects.filter(status=JobStatus.RUNNING, phase="saving").count()


def test_worker_killed_with_pictures_in_its_finisher_has_them_drawn_again_once(
    world: World,
) -> None:
    for person in (world.uma, world.rita, world.ada):
        ask_for(world.pets, person, count=2, steps=4)

    with running("dispatcher"):
        with running("gpu_worker", TEST_ARCHIVE_SECONDS="2") as doomed:
            wait_for(lambda: being_saved() >= 2, seconds=40, what="two pictures in the finisher")
            os.kill(doomed.pid, signal.SIGKILL)
            doomed.wait()
        assert succeeded() == 0
        caught = set(GenerationJob.objects.filter(phase="saving").values_list("pk", flat=True))

        with running("gpu_worker"):
            wait_for(lambda: succeeded() == 6, seconds=60, what="six jobs after kill -9")

    assert len(caught) >= 2
    assert_nothing_is_lost_or_doubled(6)
    # What the worker was not drawing when it died lost no attempt: one job at most did.
    assert sum(job.attempts - 1 for job in GenerationJob.objects.all()) <= 1


def test_terminated_worker_finishes_what_it_has_drawn_and_hands_the_rest_back(
    world: World,
) -> None:
    for person in (world.uma, world.rita, world.ada):
        ask_for(world.pets, person, count=2, steps=4)

    with running("gpu_worker", TEST_ARCHIVE_SECONDS="0.5") as worker:
        wait_for(lambda: being_saved() >= 2, seconds=40, what="two pictures in the finisher")
        caught = set(GenerationJob.objects.filter(phase="saving").values_list("pk", flat=True))
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)

    assert worker.returncode == 0
    done = set(
        GenerationJob.objects.filter(status=JobStatus.SUCCEEDED).values_list("pk", flat=True)
    )
    assert caught <= done
    rest = GenerationJob.objects.exclude(pk__in=done)
    assert rest
    assert {(job.status, job.attempts) for job in rest} == {(JobStatus.QUEUED, 0)}
    rest.delete()
    assert_nothing_is_lost_or_doubled(len(done))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is written for SQLite")
def test_worker_whose_job_cannot_be_settled_ends_and_another_draws_it(world: World) -> None:
    ask_for(world.pets, world.uma)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER nobody_ends BEFORE UPDATE OF status ON generation_generationjob "
            "WHEN NEW.status <> 'running' BEGIN SELECT RAISE(ABORT, 'not now'); END"
        )
        try:
            with running("gpu_worker") as worker:
                assert worker.wait(40) == 1
        finally:
            cursor.execute("DROP TRIGGER nobody_ends")

    with running("dispatcher"), running("gpu_worker"):
        wait_for(lambda: succeeded() == 1, seconds=40, what="the job after the fault")

    assert_nothing_is_lost_or_doubled(1)


def test_terminated_worker_hands_its_job_back_and_leaves_no_open_row(world: World) -> None:
    ask_for(world.pets, world.uma, steps=50)
    with running("gpu_worker", ATELIER_PREVIEW_STEP_SECONDS="1") as worker:
        wait_for(is_running, seconds=30, what="the job under way")
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)

    job = GenerationJob.objects.get()
    assert (worker.returncode, job.status, job.attempts) == (0, JobStatus.QUEUED, 0)
    assert not Worker.objects.filter(stopped_at__isnull=True).exists()


def test_job_over_its_time_ends_its_worker_and_then_fails(world: World) -> None:
    ask_for(world.pets, world.uma, steps=50)
    limits = {"ATELIER_JOB_TIME_LIMIT_SECONDS": "2", "ATELIER_JOB_MAX_ATTEMPTS": "1"}

    with (
        running("gpu_worker", ATELIER_PREVIEW_STEP_SECONDS="5", **limits) as worker,
        running("dispatcher", **limits),
    ):
        assert worker.wait(40) == -signal.SIGKILL
        wait_for(
            lambda: GenerationJob.objects.filter(status=JobStatus.FAILED).exists(),
            seconds=20,
            what="the job failed",
        )

    job = GenerationJob.objects.get()
    assert job.error_code == "over_time"
    assert "in _wait_for_steps" in job.error_log  # where it hung, asked before it was killed
