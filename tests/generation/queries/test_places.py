"""The line as pages show it, against what the scheduler then does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.actions.policies import change_policy
from generation.limits import PolicyValues
from generation.models import GenerationJob
from generation.queries.places import line_now
from tests.builders import World, access_of
from tests.generation.builders import ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db(transaction=True)


def test_pictures_are_made_in_the_order_that_was_shown(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as they take what was estimated; what they really took is paid for afterwards."""
    runner = make_runner()
    for project, person, count in (
        (world.pets, world.uma, 4),
        (world.products, world.uma, 2),
        (world.pets, world.rita, 2),
        (world.harbour_project, world.mallory, 1),
    ):
        ask_for(project, person, count=count)
    estimate = GenerationJob.objects.earliest("queued_at").estimated_seconds
    monkeypatch.setattr("generation.actions.running._gpu_seconds", lambda _result: estimate)
    shown = line_now().places

    assert run_all(runner) == 9

    made = GenerationJob.objects.order_by("started_at").values_list("pk", flat=True)
    assert list(made) == sorted(shown, key=shown.get)


def test_the_line_takes_seven_questions_however_long_it_is(world: World) -> None:
    make_runner()
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_waiting_per_person=100),
    )
    for person in (world.uma, world.rita, world.ada):
        for _ in range(4):
            ask_for(world.pets, person, count=4)

    with CaptureQueriesContext(connection) as asked:
        line = line_now()

    assert len(asked) == 7
    assert sorted(line.places.values()) == list(range(1, 49))


def test_what_no_worker_there_can_make_has_no_place(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    make_runner()
    GenerationJob.objects.update(engine="another")
    job = request.jobs.get()

    place = line_now().place_of(job, request)

    assert not place.has_worker
    assert place.number is None
