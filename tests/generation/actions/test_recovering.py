"""Jobs of a lost worker come back; only the one that was being drawn may have killed it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from generation.actions.running import claim_next_job, recover_lost_jobs
from generation.actions.workers import note_overtime, retire_worker
from generation.models import GenerationJob
from generation.types import JobStatus
from tests.builders import World
from tests.generation.builders import SYSTEM, ask_for, make_runner

pytestmark = pytest.mark.django_db(transaction=True)


def lose_a_worker(world: World, *phases: str) -> list[GenerationJob]:
    """A worker dies that held jobs in these phases, the oldest first; return them, recovered."""
    worker = make_runner().worker
    jobs = []
    for number, phase in enumerate(phases):
        person = [world.uma, world.rita, world.ada][number // 2]
        ask_for(world.pets, person, seed=number)
        claim = claim_next_job(access=SYSTEM, worker=worker)
        assert claim
        started_at = timezone.now() - timedelta(minutes=len(phases) - number)
        GenerationJob.objects.filter(pk=claim.job.pk).update(phase=phase, started_at=started_at)
        jobs.append(claim.job)
    retire_worker(access=SYSTEM, worker_id=worker.pk)
    assert recover_lost_jobs(access=SYSTEM) == len(phases)
    for job in jobs:
        job.refresh_from_db()
    assert {job.status for job in jobs} == {JobStatus.QUEUED}
    return jobs


@pytest.mark.parametrize(
    ("phases", "suspect"),
    [
        (["denoising"], 0),
        ([""], 0),  # it died before it could say anything
        (["saving", "saving", "denoising", ""], 2),
        (["saving", "", ""], 1),  # of two that said nothing, the first was being drawn
        (["saving", "saving"], 0),
    ],
)
def test_loss_counts_as_an_attempt_of_what_was_being_drawn(
    world: World, phases: list[str], suspect: int
) -> None:
    jobs = lose_a_worker(world, *phases)

    assert [job.attempts for job in jobs] == [int(number == suspect) for number in range(len(jobs))]


def test_job_that_is_always_next_to_one_that_kills_is_never_given_up(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)
    killer, neighbour = GenerationJob.objects.order_by("index")
    for _ in range(3):
        worker = make_runner().worker
        for _ in range(2):
            assert claim_next_job(access=SYSTEM, worker=worker)
        retire_worker(access=SYSTEM, worker_id=worker.pk)
        recover_lost_jobs(access=SYSTEM)

    killer.refresh_from_db()
    neighbour.refresh_from_db()
    assert (killer.status, killer.error_code) == (JobStatus.FAILED, "worker_lost")
    assert (neighbour.status, neighbour.attempts) == (JobStatus.QUEUED, 0)


def test_picture_that_hangs_is_tried_once_more_and_then_fails_with_its_log(world: World) -> None:
    job = ask_for(world.pets, world.uma).jobs.get()
    for attempt in (1, 2):
        worker = make_runner().worker
        assert claim_next_job(access=SYSTEM, worker=worker)
        note_overtime(access=SYSTEM, worker_id=worker.pk, jobs=[job.pk], log=f"hung {attempt}")
        retire_worker(access=SYSTEM, worker_id=worker.pk)
        recover_lost_jobs(access=SYSTEM)
        job.refresh_from_db()
        assert job.status == (JobStatus.QUEUED if attempt == 1 else JobStatus.FAILED)

    assert job.error_code == "over_time"
    assert "hung 1" in job.error_log
    assert "hung 2" in job.error_log
