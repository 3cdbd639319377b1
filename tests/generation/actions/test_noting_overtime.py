"""What a worker was doing when its time was over is kept."""

from __future__ import annotations

import pytest

from accounts.errors import NotPermitted
from generation.actions.running import claim_next_job
from generation.actions.workers import LONGEST_NOTE, note_overtime
from generation.models import GenerationJob
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, ask_for, make_runner

pytestmark = pytest.mark.django_db(transaction=True)


def claim_two(world: World) -> tuple[GenerationJob, GenerationJob, object]:
    """Two running jobs of one worker."""
    ask_for(world.pets, world.uma, count=2)
    worker = make_runner().worker
    first, second = (claim_next_job(access=SYSTEM, worker=worker) for _ in range(2))
    assert first
    assert second
    return first.job, second.job, worker


def test_note_is_added_to_the_log_of_what_runs_over_its_time_and_to_nothing_else(
    world: World,
) -> None:
    late, punctual, worker = claim_two(world)
    GenerationJob.objects.filter(pk=late.pk).update(error_log="an earlier attempt\n")

    assert (
        note_overtime(access=SYSTEM, worker_id=worker.pk, jobs=[late.pk], log="in generate()") == 1
    )

    late.refresh_from_db()
    punctual.refresh_from_db()
    assert late.error_log.startswith("an earlier attempt\n")
    assert "in generate()" in late.error_log
    assert punctual.error_log == ""


def test_note_is_not_longer_than_anybody_reads(world: World) -> None:
    late, _punctual, worker = claim_two(world)

    note_overtime(access=SYSTEM, worker_id=worker.pk, jobs=[late.pk], log="x" * 10 * LONGEST_NOTE)

    late.refresh_from_db()
    assert len(late.error_log) < LONGEST_NOTE + 100


def test_people_write_no_notes(world: World) -> None:
    with pytest.raises(NotPermitted):
        note_overtime(
            access=access_of(world.ada), worker_id=make_runner().worker.pk, jobs=[], log=""
        )
