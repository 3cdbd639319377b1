"""Workers that are long gone are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotPermitted
from generation.actions.pruning import prune_workers
from generation.actions.workers import register_worker
from generation.models import CircuitBreaker, GenerationJob, Worker, WorkerSlot
from generation.types import WorkerState
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, ask_for, make_preview_model

pytestmark = pytest.mark.django_db


def life(slot: str, days_ago: float) -> Worker:
    """A worker that was seen last so many days ago, in a place as old."""
    worker = register_worker(access=SYSTEM, slot=slot, engines=["preview"])
    seen = timezone.now() - timedelta(days=days_ago)
    Worker.objects.filter(pk=worker.pk).update(last_seen_at=seen, stopped_at=seen)
    WorkerSlot.objects.filter(name=slot).update(changed_at=seen)
    return worker


def test_lives_go_after_a_week_and_the_last_one_tells_when_the_place_was_used(db: None) -> None:
    life("render-1", 20)
    life("render-1", 9)
    last = life("render-1", 8)

    assert prune_workers(access=SYSTEM) == 2

    assert list(Worker.objects.all()) == [last]
    assert WorkerSlot.objects.exists()
    assert prune_workers(access=SYSTEM) == 0


def test_lives_of_this_week_stay(db: None) -> None:
    life("render-1", 6)
    life("render-1", 0)

    assert prune_workers(access=SYSTEM) == 0


def test_unused_place_goes_after_a_month_with_what_is_held_against_it(db: None) -> None:
    worker = life("render-1", 31)
    CircuitBreaker.objects.create(slot=worker.slot, model_version=make_preview_model(), failures=2)
    used = life("render-2", 29)

    prune_workers(access=SYSTEM)

    assert list(WorkerSlot.objects.all()) == [used.slot]
    assert list(Worker.objects.all()) == [used]


@pytest.mark.parametrize("state", [WorkerState.PAUSED, WorkerState.DRAINING])
def test_order_of_an_operator_is_kept_however_long_the_place_is_empty(db: None, state) -> None:
    life("render-1", 90)
    WorkerSlot.objects.update(state=state)

    assert prune_workers(access=SYSTEM) == 0
    assert Worker.objects.exists()


def test_place_that_was_just_resumed_is_not_taken_away(db: None) -> None:
    life("render-1", 90)
    WorkerSlot.objects.update(changed_at=timezone.now())

    prune_workers(access=SYSTEM)

    assert WorkerSlot.objects.exists()


def test_worker_without_a_place_goes_too(db: None) -> None:
    Worker.objects.create(
        name="old", host="h", pid=1, last_seen_at=timezone.now() - timedelta(days=8)
    )

    assert prune_workers(access=SYSTEM) == 1


def test_job_of_a_forgotten_worker_stays(world: World) -> None:
    worker = life("render-1", 40)
    ask_for(world.pets, world.uma).jobs.update(worker=worker)

    prune_workers(access=SYSTEM)

    assert GenerationJob.objects.get().worker is None


def test_pruning_is_for_the_site_itself(world: World) -> None:
    with pytest.raises(NotPermitted):
        prune_workers(access=access_of(world.ada))
