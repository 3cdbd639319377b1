"""Changing what waits, through the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.roles import Role, Scope
from generation.models import GenerationJob
from generation.types import JobLane, JobStatus
from tests.builders import join
from tests.callers import assert_refused, browser_of, program_of
from tests.generation.builders import ask_for, make_preview_model, make_runner

LATER = (timezone.now() + timedelta(days=2)).replace(microsecond=0)


@pytest.fixture
def model(world):
    """The preview model, as the site's default."""
    return make_preview_model()


@pytest.fixture(params=["token", "session"])
def uma(request, world, model):
    """Uma, through a program or her browser."""
    if request.param == "token":
        return program_of(world.uma, world.lantern)
    return browser_of(world.uma)


def order(person) -> list[str]:
    jobs = person.jobs.filter(status="queued").order_by("position")
    return [job.request.prompt for job in jobs]


def test_a_lane_and_a_time_are_asked_for(world, uma) -> None:
    path = f"/projects/{world.pets.pk}/requests/"

    idle = uma.call("post", path, {"prompt": "x", "width": 128, "height": 128, "lane": "idle"})
    later = uma.call("post", path, {"prompt": "x", "start_at": LATER.isoformat()}).json()

    job = idle.json()["jobs"][0]
    assert (job["lane"], job["start_at"], job["priority"]) == ("idle", None, 0)
    assert later["jobs"][0]["status"] == "scheduled"
    assert datetime.fromisoformat(later["jobs"][0]["start_at"]) == LATER
    background = uma.call("post", path, {"prompt": "x", "background": True}).json()
    assert background["jobs"][0]["lane"] == "background"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lane": "fast"}, "lane"),
        ({"start_at": "soon"}, "start_at"),
        ({"start_at": "2020-01-01T00:00:00Z"}, "start_at"),
        ({"start_at": "9999-12-31T23:59:59Z"}, "start_at"),
    ],
)
def test_a_start_that_makes_no_sense_names_the_field(world, uma, changes, field) -> None:
    path = f"/projects/{world.pets.pk}/requests/"

    assert_refused(uma.call("post", path, {"prompt": "x", **changes}), 400, field=field)
    assert not GenerationJob.objects.exists()


@pytest.mark.parametrize("thing", ["requests", "jobs"])
def test_it_is_moved_in_ones_own_line(world, uma, thing) -> None:
    ask_for(world.pets, world.uma, prompt="first")
    second = ask_for(world.pets, world.uma, prompt="second")
    path = f"/{thing}/{second.pk if thing == 'requests' else second.jobs.get().pk}/move/"

    assert uma.call("post", path, {"to": "front"}).status_code == 200
    assert order(world.uma) == ["second", "first"]
    assert uma.call("post", path, {"to": "down"}).status_code == 200
    assert order(world.uma) == ["first", "second"]
    assert_refused(uma.call("post", path, {"to": "away"}), 400, field="to")


@pytest.mark.parametrize("thing", ["requests", "jobs"])
def test_its_lane_and_its_start_are_changed(world, uma, thing) -> None:
    request = ask_for(world.pets, world.uma)
    path = f"/{thing}/{request.pk if thing == 'requests' else request.jobs.get().pk}"

    assert uma.call("post", f"{path}/lane/", {"lane": "background"}).status_code == 200
    assert request.jobs.get().lane == JobLane.BACKGROUND
    uma.call("post", f"{path}/reschedule/", {"start_at": LATER.isoformat()})
    assert (request.jobs.get().status, request.jobs.get().start_at) == ("scheduled", LATER)
    uma.call("post", f"{path}/reschedule/", {"start_at": None})
    assert request.jobs.get().status == JobStatus.QUEUED
    assert_refused(uma.call("post", f"{path}/reschedule/", {}), 400, field="start_at")


def test_one_picture_of_several_is_changed_alone(world, uma) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    job = request.jobs.get(index=1)

    answer = uma.call("post", f"/jobs/{job.pk}/lane/", {"lane": "idle"}).json()

    assert (answer["id"], answer["lane"]) == (str(job.pk), "idle")
    assert request.jobs.get(index=0).lane == JobLane.INTERACTIVE


def test_what_has_begun_is_a_conflict(world, uma) -> None:
    request = ask_for(world.pets, world.uma)
    job = request.jobs.get()
    request.jobs.update(status=JobStatus.RUNNING, attempts=1, attempt_token=uuid4())

    for path, body in (
        (f"/jobs/{job.pk}/move/", {"to": "front"}),
        (f"/jobs/{job.pk}/lane/", {"lane": "idle"}),
        (f"/requests/{request.pk}/reschedule/", {"start_at": None}),
        (f"/requests/{request.pk}/retry/", None),
    ):
        assert_refused(uma.call("post", path, body), 409, code="conflict")
    assert_refused(uma.call("patch", f"/requests/{request.pk}/", {"steps": 3}), 409)


def test_a_request_is_edited_in_part(world, uma) -> None:
    request = ask_for(world.pets, world.uma, count=2, lane=JobLane.IDLE)

    edited = uma.call("patch", f"/requests/{request.pk}/", {"prompt": "pandas", "count": 3})

    shown = edited.json()
    assert edited.status_code == 200
    assert (shown["prompt"], shown["prompt_typed"], shown["count"]) == ("pandas", "pandas", 3)
    assert (shown["width"], shown["seed"], shown["steps"]) == (128, 123456, 2)
    assert [job["seed"] for job in shown["jobs"]] == [123456, 123457, 123458]
    assert {job["lane"] for job in shown["jobs"]} == {"idle"}
    assert shown["edited_at"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"width": 2048}, "width"),
        ({"count": 0}, "count"),
        ({"count": 9}, "count"),
        ({"model_version": 999_999}, "model_version"),
        ({"template_version": 999_999}, "template_version"),
        ({"start_at": "2020-01-01T00:00:00Z"}, "start_at"),
        ({"parent": None}, "parent"),
    ],
)
def test_an_edit_that_makes_no_sense_names_the_field(world, uma, changes, field) -> None:
    request = ask_for(world.pets, world.uma)

    assert_refused(uma.call("patch", f"/requests/{request.pk}/", changes), 400, field=field)
    request.refresh_from_db()
    assert request.edited_at is None


def test_failed_pictures_are_tried_again_together(world, uma) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    request.jobs.update(status=JobStatus.FAILED, finished_at=timezone.now())

    answer = uma.call("post", f"/requests/{request.pk}/retry/")

    assert [job["status"] for job in answer.json()["jobs"]] == ["queued", "queued"]


def test_everything_of_ones_own_is_cancelled(world, uma) -> None:
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.products, world.uma)
    others = ask_for(world.pets, world.paul)

    in_one = uma.call("post", "/queue/cancel/", {"project": world.products.pk})
    assert (in_one.status_code, in_one.json()) == (200, {"cancelled": 1})
    assert uma.call("post", "/queue/cancel/", {}).json() == {"cancelled": 2}
    assert uma.call("post", "/queue/cancel/", {}).json() == {"cancelled": 0}
    assert others.jobs.get().status == JobStatus.QUEUED
    foreign = {"project": world.harbour_project.pk}
    assert_refused(uma.call("post", "/queue/cancel/", foreign), 404)


def test_the_queue_in_numbers(world, uma) -> None:
    make_runner()
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.pets, world.uma, start_at=LATER)
    ask_for(world.harbour_project, world.mallory, lane=JobLane.IDLE)

    assert uma.call("get", "/queue/").json() == {
        "running": 0,
        "waiting": 3,
        "scheduled": 1,
        "lanes": {"interactive": 2, "background": 0, "idle": 1},
        "workers": 1,
        "workers_busy": 0,
        "own": 3,
    }


def test_admins_give_priorities(world, model) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    job = request.jobs.get(index=0)
    ada = program_of(world.ada, world.lantern)

    assert ada.call("post", f"/jobs/{job.pk}/priority/", {"priority": 1}).json()["priority"] == 1
    ada.call("post", f"/requests/{request.pk}/priority/", {"priority": -1})
    assert set(request.jobs.values_list("priority", flat=True)) == {-1}
    path = f"/requests/{request.pk}/priority/"
    assert_refused(ada.call("post", path, {"priority": 2}), 400, field="priority")
    uma = program_of(world.uma, world.lantern)
    assert_refused(uma.call("post", path, {"priority": 1}), 403, code="not_permitted")


CALLS = [
    ("post", "/requests/{request}/move/", {"to": "front"}),
    ("post", "/requests/{request}/lane/", {"lane": "idle"}),
    ("post", "/requests/{request}/reschedule/", {"start_at": None}),
    ("post", "/requests/{request}/priority/", {"priority": 1}),
    ("post", "/requests/{request}/retry/", None),
    ("patch", "/requests/{request}/", {"steps": 3}),
    ("post", "/jobs/{job}/move/", {"to": "front"}),
    ("post", "/jobs/{job}/lane/", {"lane": "idle"}),
    ("post", "/jobs/{job}/reschedule/", {"start_at": None}),
    ("post", "/jobs/{job}/priority/", {"priority": 1}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_strangers_find_nothing_and_colleagues_may_not(world, model, method, path, body) -> None:
    request = ask_for(world.pets, world.uma)
    path = path.format(request=request.pk, job=request.jobs.get().pk)
    before = GenerationJob.objects.values().get()

    for mallory in (browser_of(world.mallory), program_of(world.mallory, world.harbour)):
        assert_refused(mallory.call(method, path, body), 404)
    rita = program_of(world.rita, world.lantern)
    assert_refused(rita.call(method, path, body), 403, code="not_permitted")
    reader = program_of(world.uma, world.lantern, Scope.READ)
    assert_refused(reader.call(method, path, body), 403, code="scope_missing")
    assert GenerationJob.objects.values().get() == before


def test_a_priority_needs_the_scope_to_manage(world, model) -> None:
    request = ask_for(world.pets, world.uma)
    maker = program_of(world.ada, world.lantern, Scope.READ, Scope.GENERATE)

    path = f"/requests/{request.pk}/priority/"
    assert_refused(maker.call("post", path, {"priority": 1}), 403, code="scope_missing")


def test_cancelling_everything_needs_the_scope_to_generate(world, model) -> None:
    ask_for(world.pets, world.uma)
    reader = program_of(world.uma, world.lantern, Scope.READ)

    assert_refused(reader.call("post", "/queue/cancel/", {}), 403, code="scope_missing")
    assert reader.call("get", "/queue/").status_code == 200


def test_a_token_reaches_the_work_of_its_organization_only(world, model) -> None:
    join(world.uma, world.harbour, Role.USER)
    ask_for(world.pets, world.uma)
    elsewhere = ask_for(world.harbour_project, world.uma)
    program = program_of(world.uma, world.lantern)

    assert program.call("get", "/queue/").json()["own"] == 1
    assert program.call("post", "/queue/cancel/", {}).json() == {"cancelled": 1}
    assert elsewhere.jobs.get().status == JobStatus.QUEUED
