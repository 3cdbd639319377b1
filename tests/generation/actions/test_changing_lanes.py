"""Lanes and priorities of pictures that wait."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import AuditEvent, User
from accounts.wording import sentence_of
from generation.actions.changing_lanes import change_lane, set_priority
from generation.actions.requesting import cancel_job
from generation.actions.running import claim_next_job
from generation.actions.workers import register_worker
from generation.types import JobLane, JobPriority
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for

pytestmark = pytest.mark.django_db


def next_request():
    claim = claim_next_job(
        access=SYSTEM, worker=register_worker(access=SYSTEM, engines=["preview"])
    )
    return claim.job.request if claim else None


def lanes(request) -> list[int]:
    return list(request.jobs.order_by("index").values_list("lane", flat=True))


def test_a_request_in_another_lane_lets_others_pass(world: World) -> None:
    first, second = (ask_for(world.pets, world.uma) for _ in range(2))

    assert change_lane(access=access_of(world.uma), request=first, lane=JobLane.IDLE) == 1

    assert next_request() == second


def test_single_pictures_change_their_lane(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=3)
    picture = request.jobs.get(index=1).pk

    change_lane(
        access=access_of(world.uma), request=request, lane=JobLane.BACKGROUND, only=[picture]
    )

    assert lanes(request) == [JobLane.INTERACTIVE, JobLane.BACKGROUND, JobLane.INTERACTIVE]


def test_a_lane_that_it_has_already_is_no_news(world: World) -> None:
    request = ask_for(world.pets, world.uma)

    assert change_lane(access=access_of(world.uma), request=request, lane=JobLane.INTERACTIVE) == 0
    assert not AuditEvent.objects.filter(action="generation.request.lane_changed").exists()


def test_running_pictures_stay_in_their_lane(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    next_request()

    with pytest.raises(InvalidTransition):
        change_lane(access=access_of(world.uma), request=request, lane=JobLane.IDLE)
    assert lanes(request) == [JobLane.INTERACTIVE]


def test_a_picture_of_another_request_is_not_moved_along(world: World) -> None:
    mine, others = ask_for(world.pets, world.uma), ask_for(world.pets, world.rita)

    with pytest.raises(InvalidTransition):
        change_lane(
            access=access_of(world.uma),
            request=mine,
            lane=JobLane.IDLE,
            only=[others.jobs.get().pk],
        )


def test_urgent_work_passes_everybody_and_low_work_waits(world: World) -> None:
    open_at_all_hours(world.lantern, max_running_per_person=16)
    low, plain, urgent = (
        ask_for(world.pets, person) for person in (world.uma, world.rita, world.paul)
    )
    ada = access_of(world.ada)
    set_priority(access=ada, request=low, priority=JobPriority.LOW)
    set_priority(access=ada, request=urgent, priority=JobPriority.URGENT)

    assert [next_request() for _ in range(3)] == [urgent, plain, low]
    event = AuditEvent.objects.filter(action="generation.request.prioritized").latest("id")
    assert event.data == {"count": 1, "priority": "urgent"}
    assert "Urgent (pictures: 1)" in sentence_of(event)


def test_only_admins_of_the_project_give_priorities(world: World) -> None:
    request = ask_for(world.pets, world.uma)

    for person in (world.uma, world.rita):
        with pytest.raises(NotPermitted):
            set_priority(access=access_of(person), request=request, priority=1)
    with pytest.raises(NotVisible):
        set_priority(access=access_of(world.mallory), request=request, priority=1)


@pytest.mark.parametrize("priority", [-2, 2, 100])
def test_there_are_three_priorities(world: World, priority: int) -> None:
    request = ask_for(world.pets, world.uma)

    with pytest.raises(InvalidInput) as caught:
        set_priority(access=access_of(world.ada), request=request, priority=priority)
    assert caught.value.field == "priority"


def test_operators_of_the_site_do_it_everywhere(world: World) -> None:
    operator = User.objects.create_superuser("olga@example.com", "correct horse", name="Olga")
    request = ask_for(world.harbour_project, world.mallory, count=2)

    assert set_priority(access=access_of(operator), request=request, priority=1) == 2
    assert change_lane(access=access_of(operator), request=request, lane=JobLane.IDLE) == 2
    cancel_job(access=access_of(operator), job=request.jobs.get(index=0))


def test_others_leave_it_alone(world: World) -> None:
    request = ask_for(world.pets, world.uma)

    with pytest.raises(NotPermitted):
        change_lane(access=access_of(world.rita), request=request, lane=JobLane.IDLE)
    with pytest.raises(NotVisible):
        change_lane(access=access_of(world.mallory), request=request, lane=JobLane.IDLE)
