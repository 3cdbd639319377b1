"""Real processes, really killed: every job ends once, with one image and no orphan file."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import redis
from django.conf import settings

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

    assert GenerationJob.objects.get().error_code == "worker_lost"
