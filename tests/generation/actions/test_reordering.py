"""Moving pictures in one's own line, also while a worker claims them."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidTransition, NotPermitted, NotVisible
from accounts.models import AuditEvent
from generation.actions.changing_lanes import set_priority
from generation.actions.reordering import move_pictures
from generation.actions.requesting import cancel_request
from generation.actions.running import claim_next_job
from generation.actions.workers import register_worker
from generation.models import GenerationJob, GenerationRequest
from generation.moves import Move
from generation.types import JobLane, JobStatus
from tests.builders import World, access_of, open_at_all_hours
from tests.concurrency import at_once
from tests.generation.builders import SYSTEM, ask_for

pytestmark = pytest.mark.django_db


def move(request: GenerationRequest, to: Move, *indexes: int, person=None) -> bool:
    """The request's maker, or somebody else, moves it, or some of its pictures."""
    only = [request.jobs.get(index=index).pk for index in indexes] or None
    who = person or request.created_by
    return move_pictures(access=access_of(who), request=request, to=to, only=only)


def claimed_order(count: int) -> list[GenerationJob]:
    """The jobs in the order in which a worker claims them."""
    worker = register_worker(access=SYSTEM, engines=["preview"])
    claims = [claim_next_job(access=SYSTEM, worker=worker) for _ in range(count)]
    return [claim.job for claim in claims if claim]


@pytest.fixture(autouse=True)
def _many_at_once(world: World) -> None:
    open_at_all_hours(world.lantern, max_running_per_person=16)


def test_a_request_moved_to_the_front_is_made_first(world: World) -> None:
    first, second, third = (ask_for(world.pets, world.uma, count=2) for _ in range(3))

    assert move(third, Move.FRONT)

    assert [job.request for job in claimed_order(6)] == [third] * 2 + [first] * 2 + [second] * 2


def test_the_order_holds_across_sizes_and_projects(world: World) -> None:
    """They differ in what they need of a worker, so that the scheduler sees each of them."""
    large = ask_for(world.pets, world.uma, width=1024, height=1024)
    elsewhere = ask_for(world.products, world.uma, width=512, height=512)
    small = ask_for(world.pets, world.uma)

    assert move(small, Move.UP)
    assert move(small, Move.UP)
    assert move(large, Move.DOWN)

    assert [job.request for job in claimed_order(3)] == [small, elsewhere, large]


def test_one_picture_passes_one_picture(world: World) -> None:
    first, second = (ask_for(world.pets, world.uma, count=2) for _ in range(2))

    assert move(second, Move.UP, 1)
    assert move(second, Move.UP, 1)

    assert [(job.request, job.index) for job in claimed_order(4)] == [
        (first, 0),
        (second, 1),
        (first, 1),
        (second, 0),
    ]


def test_nobody_elses_place_changes(world: World) -> None:
    ask_for(world.pets, world.uma, count=2)
    others = ask_for(world.pets, world.rita, count=2)
    before = list(others.jobs.order_by("index").values_list("position", flat=True))

    move(ask_for(world.pets, world.uma), Move.FRONT)

    assert list(others.jobs.order_by("index").values_list("position", flat=True)) == before
    assert GenerationJob.objects.get(request__count=1).position < before[0]


def test_lanes_and_priorities_are_lines_of_their_own(world: World) -> None:
    ask_for(world.pets, world.uma)
    later = ask_for(world.pets, world.uma, lane=JobLane.BACKGROUND)
    urgent = ask_for(world.pets, world.uma)
    set_priority(access=access_of(world.ada), request=urgent, priority=1)

    assert not move(later, Move.FRONT)
    assert not move(urgent, Move.DOWN)
    assert not AuditEvent.objects.filter(action="generation.request.moved").exists()


def test_an_admin_moves_inside_their_project_only(world: World) -> None:
    ask_for(world.products, world.uma)
    first, second = (ask_for(world.pets, world.uma) for _ in range(2))
    before = GenerationJob.objects.get(project=world.products).position

    assert move(second, Move.FRONT, person=world.ada)

    assert GenerationJob.objects.get(project=world.products).position == before
    assert [job.request for job in claimed_order(3)][1:] == [second, first]
    event = AuditEvent.objects.get(action="generation.request.moved")
    assert (event.actor_id, event.data) == (world.ada.pk, {"to": "front"})


def test_others_may_not_move_it(world: World) -> None:
    request = ask_for(world.pets, world.uma)

    with pytest.raises(NotPermitted):
        move(request, Move.FRONT, person=world.rita)
    with pytest.raises(NotVisible):
        move(request, Move.FRONT, person=world.mallory)


def test_what_has_begun_or_ended_keeps_its_place(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    claimed_order(1)
    with pytest.raises(InvalidTransition):
        move(request, Move.FRONT)

    ended = ask_for(world.pets, world.uma)
    cancel_request(access=access_of(world.uma), request=ended)
    with pytest.raises(InvalidTransition):
        move(ended, Move.FRONT)


@pytest.mark.django_db(transaction=True)
def test_moves_of_one_moment_leave_an_order_without_equals(world: World) -> None:
    requests = [ask_for(world.pets, world.uma, count=4) for _ in range(4)]

    at_once(4, lambda number: move(requests[number], list(Move)[number % 3]))

    positions = list(GenerationJob.objects.values_list("position", flat=True))
    assert len(set(positions)) == len(positions) == 16


@pytest.mark.django_db(transaction=True)
def test_a_claim_of_the_same_moment_takes_the_first_before_or_after_the_move(world: World) -> None:
    for _ in range(4):
        GenerationJob.objects.update(status=JobStatus.CANCELLED, finished_at="2026-01-01T00:00Z")
        first, second = (ask_for(world.pets, world.uma) for _ in range(2))

        def act(number: int, first=first, second=second):
            return claimed_order(1) if number else move(second, Move.FRONT)

        moved, claimed = at_once(2, act, refusal=InvalidTransition)

        assert claimed[0].request in {first, second}
        if claimed[0].request == first:  # it was claimed before: the second may have been moved
            second.jobs.get(status=JobStatus.QUEUED)
        else:
            assert moved
