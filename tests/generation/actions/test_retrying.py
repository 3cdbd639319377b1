"""Trying everything again that failed."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidTransition, LimitExceeded, NotPermitted, NotVisible
from generation.actions.retrying import retry_failed
from generation.models import GenerationJob
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db


def failed(world: World, count: int = 3):
    """A request of Uma's of which all but the first picture failed."""
    request = ask_for(world.pets, world.uma, count=count)
    ended = {"finished_at": "2026-01-01T00:00Z", "attempts": 3}
    request.jobs.filter(index=0).update(status="succeeded", **ended)
    request.jobs.filter(index__gt=0).update(status="failed", error_code="internal", **ended)
    return request


def test_all_that_failed_stand_in_the_line_again(world: World) -> None:
    request = failed(world)

    assert retry_failed(access=access_of(world.uma), request=request) == 2

    rows = request.jobs.order_by("index").values_list("status", "attempts", "error_code")
    assert list(rows) == [("succeeded", 3, ""), ("queued", 0, ""), ("queued", 0, "")]


def test_all_or_none_when_too_many_would_wait(world: World) -> None:
    request = failed(world)
    open_at_all_hours(world.lantern, max_waiting_per_person=1)

    with pytest.raises(LimitExceeded):
        retry_failed(access=access_of(world.uma), request=request)
    assert not GenerationJob.objects.filter(status="queued").exists()


def test_without_a_failure_there_is_nothing_to_try(world: World) -> None:
    with pytest.raises(InvalidTransition):
        retry_failed(access=access_of(world.uma), request=ask_for(world.pets, world.uma))


def test_others_leave_it_alone(world: World) -> None:
    request = failed(world)

    with pytest.raises(NotPermitted):
        retry_failed(access=access_of(world.rita), request=request)
    with pytest.raises(NotVisible):
        retry_failed(access=access_of(world.mallory), request=request)
    assert retry_failed(access=access_of(world.ada), request=request) == 2
