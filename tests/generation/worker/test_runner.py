"""Jobs from claim to archive through the pipeline, in this process, with the preview engine."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
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
from generation.engines.base import (
    DeviceUnavailable,
    EngineResult,
    GpuFault,
    ImageSpec,
    OutOfMemory,
    Phase,
    Progress,
)
from generation.models import GenerationJob
from generation.types import JobStatus
from generation.worker import bookkeeping
from generation.worker.runner import Runner, WorkerFaulty
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, ask_for, make_pipeline, run_pipeline

pytestmark = pytest.mark.django_db(transaction=True)


class StubbornEngine:
    """Never makes a picture."""

    name = "preview"
    resident = None

    def __init__(self, error: Exception | None = None) -> None:
        self.error_to_raise = error or DeviceUnavailable("The GPU cannot be reached.")

    def load(self, model, on_progress=None) -> None: ...
    def check(self, spec) -> None: ...
    def unload(self) -> None: ...

    def generate(self, spec: ImageSpec, *, on_progress) -> EngineResult:
        raise self.error_to_raise


def stubborn(error: Exception | None = None) -> dict[str, Any]:
    return {
        "preview": {
            "ENGINE": "tests.generation.worker.test_runner.StubbornEngine",
            "OPTIONS": {"error": error},
        }
    }


def unhurried(step_seconds: float = 0.1) -> dict[str, Any]:
    return {
        "preview": {
            "ENGINE": "generation.engines.preview.PreviewEngine",
            "OPTIONS": {"step_seconds": step_seconds},
        }
    }


def listen_in(runner: Runner, monkeypatch, hear: Callable[[ImageSpec, Progress], None]) -> None:
    """Call `hear` in the drawing thread with everything that the engine reports."""
    engine = runner.host.engine("preview")
    generate = engine.generate

    def generate_aloud(spec, *, on_progress):
        def both(progress: Progress) -> None:
            hear(spec, progress)
            on_progress(progress)

        return generate(spec, on_progress=both)

    monkeypatch.setattr(engine, "generate", generate_aloud)


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def archived_paths() -> set[str]:
    paths = Image.objects.values_list("path", "renditions__path")
    return {path for pair in paths for path in pair}


def archive_files() -> set[str]:
    root = Path(archive_storage().location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_prompt_becomes_an_archived_picture_with_its_metadata(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)

    assert run_pipeline(make_pipeline()) == 2

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

    run_pipeline(make_pipeline())

    assert len(archived_paths()) == 6
    assert archive_files() == archived_paths()
    assert not PendingFile.objects.exists()


def test_cancelled_while_running_stops_between_steps(world: World, monkeypatch) -> None:
    request = ask_for(world.pets, world.uma, steps=20)
    runner = make_pipeline(**unhurried(0.2))
    job = request.jobs.get()
    steps: list[int] = []

    def cancel_on_the_way(_: ImageSpec, progress: Progress) -> None:
        steps.append(progress.step)
        if progress.phase == Phase.DENOISING and progress.step == 2:
            cancel_job(access=access_of(world.uma), job=job)

    listen_in(runner, monkeypatch, cancel_on_the_way)
    run_pipeline(runner)

    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED
    assert max(steps) <= 6  # the next step on a machine that has time, a few later on a busy one
    assert archive_files() == set()


def test_cancelled_while_the_picture_waits_for_the_archive_is_not_archived(
    world: World, monkeypatch
) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    first, second = request.jobs.order_by("index")
    complete = bookkeeping.Books.settle

    def cancel_the_second_meanwhile(self, outcome):
        if outcome.claim.job.pk == first.pk:
            wait_until(lambda: _phase_of(second) == "saving")
            cancel_job(access=access_of(world.uma), job=second)
        complete(self, outcome)

    monkeypatch.setattr(bookkeeping.Books, "settle", cancel_the_second_meanwhile)

    assert run_pipeline(make_pipeline()) == 2

    assert [job.status for job in request.jobs.order_by("index")] == [
        JobStatus.SUCCEEDED,
        JobStatus.CANCELLED,
    ]
    assert archive_files() == archived_paths()


def _phase_of(job: GenerationJob) -> str:
    return GenerationJob.objects.values_list("phase", flat=True).get(pk=job.pk)


def test_engine_never_waits_for_a_database_that_hangs(world: World, monkeypatch) -> None:
    ask_for(world.pets, world.uma, steps=20)
    runner = make_pipeline()
    drawn, released = threading.Event(), threading.Event()
    report = bookkeeping.report_progress

    def hang(**arguments: Any) -> None:
        released.wait(10)
        report(**arguments)

    monkeypatch.setattr(bookkeeping, "report_progress", hang)
    listen_in(runner, monkeypatch, lambda _, progress: progress.phase == "decoding" and drawn.set())

    with runner:
        worker = threading.Thread(target=runner.run)
        worker.start()
        assert drawn.wait(5)  # all twenty steps, while the first report still hangs
        released.set()
        worker.join(10)

    assert GenerationJob.objects.get().status == JobStatus.SUCCEEDED


def test_next_job_is_claimed_while_the_last_step_is_drawn(world: World, monkeypatch) -> None:
    ask_for(world.pets, world.uma, count=2, steps=4)
    runner = make_pipeline(**unhurried(0.1))
    running = GenerationJob.objects.filter(status=JobStatus.RUNNING)
    seen: list[int] = []

    def look(spec: ImageSpec, progress: Progress) -> None:
        """The preview engine reports each step when it has ended."""
        if spec.seed == 123456 and progress.phase == Phase.DENOISING:
            if progress.step == 4:
                wait_until(lambda: running.count() == 2)
            seen.append(running.count())

    listen_in(runner, monkeypatch, look)
    # An estimate that is never reached: only the steps can tell.
    GenerationJob.objects.update(estimated_seconds=1000)

    assert run_pipeline(runner) == 2

    assert seen == [1, 1, 1, 1, 2]


def test_time_of_a_job_that_was_claimed_ahead_counts_from_its_drawing(
    world: World, monkeypatch
) -> None:
    ask_for(world.pets, world.uma, count=2, steps=4)
    GenerationJob.objects.update(estimated_seconds=0)  # claimed ahead as early as can be
    began: dict[int, Any] = {}
    runner = make_pipeline(**unhurried(0.2))
    listen_in(
        runner, monkeypatch, lambda spec, _: began.setdefault(spec.seed, timezone.now()) and None
    )

    run_pipeline(runner)

    for job in GenerationJob.objects.all():
        assert abs((job.started_at - began[job.seed]).total_seconds()) < 0.4
        waited = (job.started_at - job.queued_at).total_seconds()
        assert job.image.metadata["timing"]["queue_wait"] == pytest.approx(waited, abs=0.01)


def test_retryable_failure_is_tried_again_and_then_fails_with_its_reason(world: World) -> None:
    ask_for(world.pets, world.uma)

    assert run_pipeline(make_pipeline(**stubborn())) == 3

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code, job.attempts) == (
        JobStatus.FAILED,
        "device_unavailable",
        3,
    )


def test_memory_that_is_short_twice_fails_the_job_at_its_first_attempt(world: World) -> None:
    ask_for(world.pets, world.uma)

    assert run_pipeline(make_pipeline(**stubborn(OutOfMemory("No memory is left.")))) == 1

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code, job.attempts) == (JobStatus.FAILED, "out_of_memory", 1)


def test_smaller_picture_says_what_was_asked_and_why_it_is_smaller(
    world: World, monkeypatch
) -> None:
    ask_for(world.pets, world.uma, width=1024, height=512, may_shrink=True, steps=1)
    model = GenerationJob.objects.get().request.model_version
    runner = make_pipeline()
    engine = runner.host.engine("preview")
    generate = engine.generate

    def generate_if_small(spec, *, on_progress):
        if spec.width >= 1024:
            raise OutOfMemory("No memory is left.")
        return generate(spec, on_progress=on_progress)

    monkeypatch.setattr(engine, "generate", generate_if_small)

    run_pipeline(runner)

    image = Image.objects.get()
    assert (image.width, image.height) == (720, 368)
    picture = image.metadata["picture"]
    assert (picture["asked_width"], picture["asked_height"]) == (1024, 512)
    assert "1024 x 512" in picture["size_reason"]
    model.refresh_from_db()
    assert model.seconds_per_tflop is None  # nothing was learned about the size that was asked


def test_unexpected_crash_fails_the_job_and_not_the_worker(world: World) -> None:
    ask_for(world.pets, world.uma)

    assert run_pipeline(make_pipeline(**stubborn(ZeroDivisionError("boom")))) == 1

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code) == (JobStatus.FAILED, "internal")
    assert "boom" not in job.error_message


def test_fault_of_the_gpu_ends_the_worker_after_everything_drawn_is_archived(
    world: World, monkeypatch
) -> None:
    ask_for(world.pets, world.uma, count=2)
    runner = make_pipeline()
    engine = runner.host.engine("preview")
    generate = engine.generate

    def fail_the_second(spec, *, on_progress):
        if spec.seed == 123457:
            raise GpuFault("The GPU failed.")
        return generate(spec, on_progress=on_progress)

    monkeypatch.setattr(engine, "generate", fail_the_second)

    with pytest.raises(WorkerFaulty), runner:
        runner.run()

    first, second = GenerationJob.objects.order_by("index")
    assert (first.status, second.status) == (JobStatus.SUCCEEDED, JobStatus.QUEUED)
    assert archive_files() == archived_paths()


def test_job_that_cannot_be_settled_is_a_fault_of_the_process(world: World, monkeypatch) -> None:
    def refuse(**_: Any) -> None:
        raise OperationalError("the database is away")

    ask_for(world.pets, world.uma)
    for action in ("complete_job", "fail_attempt"):
        monkeypatch.setattr(f"generation.worker.bookkeeping.{action}", refuse)
    faults: list[str] = []
    made = make_pipeline()

    runner = Runner(host=made.host, worker=made.worker, on_fault=lambda: faults.append("fault"))
    with runner:
        runner.run()

    assert faults == ["fault"]


def test_database_that_went_away_and_came_back_costs_no_picture(world: World, monkeypatch) -> None:
    ask_for(world.pets, world.uma)
    runner = make_pipeline()
    make_rows = archiving._create_rows

    def lose_the_connection_once(*args: Any) -> Image:
        monkeypatch.setattr(archiving, "_create_rows", make_rows)
        raise OperationalError("terminating connection due to administrator command")

    monkeypatch.setattr(archiving, "_create_rows", lose_the_connection_once)

    assert run_pipeline(runner) == 2

    job = GenerationJob.objects.get()
    assert (job.status, job.attempts) == (JobStatus.SUCCEEDED, 2)
    assert archive_files() == archived_paths()


def test_stopping_worker_hands_the_job_back_without_counting_the_attempt(
    world: World, monkeypatch
) -> None:
    ask_for(world.pets, world.uma)
    runner = make_pipeline()
    listen_in(runner, monkeypatch, lambda *_: runner.stop.ask(0))

    assert run_pipeline(runner) == 1

    job = GenerationJob.objects.get()
    assert (job.status, job.attempts, job.worker) == (JobStatus.QUEUED, 0, None)


def test_stopping_worker_finishes_in_its_grace_and_hands_back_what_it_claimed_ahead(
    world: World, monkeypatch
) -> None:
    ask_for(world.pets, world.uma, count=2)
    runner = make_pipeline()

    def stop_once_both_are_claimed(_: ImageSpec, progress: Progress) -> None:
        if progress.phase == Phase.DECODING:
            running = GenerationJob.objects.filter(status=JobStatus.RUNNING)
            wait_until(lambda: running.count() == 2)
            runner.stop.ask(30)

    listen_in(runner, monkeypatch, stop_once_both_are_claimed)

    assert run_pipeline(runner) == 1

    first, second = GenerationJob.objects.order_by("index")
    assert first.status == JobStatus.SUCCEEDED
    assert (second.status, second.attempts, second.worker) == (JobStatus.QUEUED, 0, None)


def test_attempt_that_was_given_up_for_lost_changes_nothing(world: World, monkeypatch) -> None:
    ask_for(world.pets, world.uma)
    slow = make_pipeline()
    engine = slow.host.engine("preview")
    generate = engine.generate

    def lose_the_job_meanwhile(spec, *, on_progress):
        result = generate(spec, on_progress=on_progress)
        slow.worker.__class__.objects.filter(pk=slow.worker.pk).update(stopped_at=timezone.now())
        assert recover_lost_jobs(access=SYSTEM) == 1
        return result

    monkeypatch.setattr(engine, "generate", lose_the_job_meanwhile)
    with slow:
        slow.run(seconds=0.01)
    assert archive_files() == set()
    assert GenerationJob.objects.get().status == JobStatus.QUEUED

    monkeypatch.setattr(engine, "generate", generate)
    assert run_pipeline(make_pipeline()) == 1
    assert Image.objects.count() == 1


def test_work_of_somebody_who_lost_access_is_not_done(world: World) -> None:
    ask_for(world.pets, world.uma)
    Membership.objects.filter(user=world.uma).delete()
    grants.apply(user_id=world.uma.pk, organization_id=world.lantern.pk)

    assert run_pipeline(make_pipeline()) == 0

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

    assert run_pipeline(make_pipeline()) == attempts

    job = GenerationJob.objects.get()
    assert (job.status, job.error_code) == (JobStatus.FAILED, code)
    assert not PendingFile.objects.exists()


def test_full_disk_fails_one_picture_while_the_next_is_drawn_and_leaves_no_file(
    world: World, monkeypatch
) -> None:
    ask_for(world.pets, world.uma, count=2)
    sync, full = os.fsync, [True]

    def be_full_once(handle: int) -> None:
        if full.pop() if full else False:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr("assets.storage.os.fsync", be_full_once)

    assert run_pipeline(make_pipeline()) == 2

    first, second = GenerationJob.objects.order_by("index")
    assert (first.status, first.error_code) == (JobStatus.FAILED, "archive_full")
    assert second.status == JobStatus.SUCCEEDED
    assert archive_files() == archived_paths()
    assert not PendingFile.objects.exists()
