"""One job from claim to archive, in this process, with the preview engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts import grants
from accounts.models import Membership
from assets.actions import archiving
from assets.models import Image, PendingFile
from assets.provenance.reading import read as read_provenance
from assets.storage import StorageError, StorageFull, archive_storage, read
from generation.actions.requesting import cancel_job
from generation.actions.running import recover_lost_jobs
from generation.engines.base import EngineResult, ImageSpec, OutOfMemory, Progress
from generation.models import GenerationJob
from generation.types import JobStatus
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db(transaction=True)


class StubbornEngine:
    """Fails as often as it is told, then never succeeds either: it only fails."""

    name = "preview"
    error: type[Exception] = OutOfMemory

    def __init__(self, error: Exception | None = None) -> None:
        self.error_to_raise = error or OutOfMemory("No memory is left.")

    def load(self, model, on_progress=None) -> None: ...
    def check(self, spec) -> None: ...
    def unload(self) -> None: ...

    def generate(self, spec: ImageSpec, *, on_progress) -> EngineResult:
        raise self.error_to_raise


def archived_paths() -> set[str]:
    paths = Image.objects.values_list("path", "renditions__path")
    return {path for pair in paths for path in pair}


def archive_files() -> set[str]:
    root = Path(archive_storage().location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_prompt_becomes_an_archived_picture_with_its_metadata(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)

    assert run_all(make_runner()) == 2

    images = list(Image.objects.order_by("id"))
    assert [image.seed for image in images] == [123456, 123457]
    image = images[0]
    assert (image.project, image.created_by, image.request_id) == (
        world.pets,
        world.uma,
        request.pk,
    )
    assert image.metadata["words"]["prompt"] == "一只金毛犬，坐在草地上"
    assert image.metadata["who"]["project"]["name"] == "宠物主题"
    assert image.metadata["file"]["sha256"] == image.sha256
    found = read_provenance(read(image.path))
    assert found.aigc["ProduceID"] == str(image.uid)
    assert set(request.jobs.values_list("status", flat=True)) == {JobStatus.SUCCEEDED}


def test_every_file_belongs_to_a_row_and_every_row_to_a_file(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)

    run_all(make_runner())

    assert len(archived_paths()) == 6
    assert archive_files() == archived_paths()
    assert not PendingFile.objects.exists()


def test_cancelled_while_running_stops_between_steps(world: World, monkeypatch) -> None:
    request = ask_for(world.pets, world.uma, steps=8)
    runner = make_runner()
    job = request.jobs.get()
    engine = runner.host.engine("preview")
    generate = engine.generate

    def cancel_on_the_way(spec, *, on_progress):
        def watch(progress: Progress) -> None:
            if progress.step == 1:
                cancel_job(access=access_of(world.uma), job=job)
            on_progress(progress)

        return generate(spec, on_progress=watch)

    monkeypatch.setattr(engine, "generate", cancel_on_the_way)
    monkeypatch.setattr("generation.worker.runner.REPORT_EVERY", 0)
    runner.run_next()

    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert archive_files() == set()


def test_retryable_failure_is_tried_again_and_then_fails_with_its_reason(world: World) -> None:
    ask_for(world.pets, world.uma)
    runner = make_runner(preview={"ENGINE": "tests.generation.worker.test_runner.StubbornEngine"})

    assert run_all(runner) == 3

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code, job.attempts) == (JobStatus.FAILED, "out_of_memory", 3)


def test_unexpected_crash_fails_the_job_and_not_the_worker(world: World) -> None:
    ask_for(world.pets, world.uma)
    runner = make_runner(
        preview={
            "ENGINE": "tests.generation.worker.test_runner.StubbornEngine",
            "OPTIONS": {"error": ZeroDivisionError("boom")},
        }
    )

    assert runner.run_next()

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code) == (JobStatus.FAILED, "internal")
    assert "boom" not in job.error_message


def test_database_that_went_away_and_came_back_costs_no_picture(world: World, monkeypatch) -> None:
    ask_for(world.pets, world.uma)
    runner = make_runner()
    make_rows = archiving._create_rows

    def lose_the_connection_once(*args: Any) -> Image:
        monkeypatch.setattr(archiving, "_create_rows", make_rows)
        raise OperationalError("terminating connection due to administrator command")

    monkeypatch.setattr(archiving, "_create_rows", lose_the_connection_once)

    assert run_all(runner) == 2

    job = GenerationJob.objects.get()
    assert (job.status, job.attempts) == (JobStatus.SUCCEEDED, 2)
    assert archive_files() == archived_paths()


def test_stopping_worker_hands_the_job_back_without_counting_the_attempt(world: World) -> None:
    ask_for(world.pets, world.uma)
    runner = make_runner()
    runner.must_stop = lambda: True

    runner.run_next()

    job = GenerationJob.objects.get()
    assert (job.status, job.attempts, job.worker) == (JobStatus.QUEUED, 0, None)


def test_attempt_that_was_given_up_for_lost_changes_nothing(world: World, monkeypatch) -> None:
    ask_for(world.pets, world.uma)
    slow = make_runner()
    engine = slow.host.engine("preview")
    generate = engine.generate

    def lose_the_job_meanwhile(spec, *, on_progress):
        result = generate(spec, on_progress=on_progress)
        slow.worker.__class__.objects.filter(pk=slow.worker.pk).update(stopped_at=timezone.now())
        assert recover_lost_jobs(access=SYSTEM) == 1
        return result

    monkeypatch.setattr(engine, "generate", lose_the_job_meanwhile)
    slow.run_next()
    assert archive_files() == set()
    assert GenerationJob.objects.get().status == JobStatus.QUEUED

    monkeypatch.setattr(engine, "generate", generate)
    assert run_all(make_runner()) == 1
    assert Image.objects.count() == 1


def test_work_of_somebody_who_lost_access_is_not_done(world: World) -> None:
    ask_for(world.pets, world.uma)
    Membership.objects.filter(user=world.uma).delete()
    grants.apply(user_id=world.uma.pk, organization_id=world.lantern.pk)

    assert run_all(make_runner()) == 0

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code) == (JobStatus.CANCELLED, "access_revoked")


@pytest.mark.parametrize(
    ("error", "attempts", "code"),
    [
        (StorageError("the bucket does not answer"), 3, "archive_failed"),
        (StorageFull("no room"), 1, "archive_full"),
    ],
)
def test_stumbling_storage_is_tried_again_and_a_full_one_is_not(
    world: World, monkeypatch, error: Exception, attempts: int, code: str
) -> None:
    def fail(path: str, data: bytes) -> None:
        raise error

    ask_for(world.pets, world.uma)
    monkeypatch.setattr("assets.actions.archiving.write_once", fail)

    assert run_all(make_runner()) == attempts

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code) == (JobStatus.FAILED, code)
    assert not PendingFile.objects.exists()
