"""Asking for pictures through the API, and watching them come."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.roles import Scope
from assets.suggestions import Suggestions
from generation.models import GenerationJob, GenerationRequest, UsagePolicy
from generation.types import JobStatus
from tests.assets.builders import make_image, make_template
from tests.callers import assert_refused, browser_of, program_of
from tests.generation.builders import ask_for, make_preview_model, make_runner, run_all

DOG = {
    "prompt": "一只金毛犬，坐在草地上",
    "negative_prompt": "低质量，模糊",
    "width": 128,
    "height": 128,
    "steps": 2,
    "seed": 123456,
    "count": 2,
}


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


def path_of(world) -> str:
    return f"/projects/{world.pets.pk}/requests/"


def test_a_request_goes_from_the_ask_to_the_pictures(world, uma) -> None:
    created = uma.call("post", path_of(world), DOG)
    assert created.status_code == 201
    asked = created.json()
    assert (asked["prompt"], asked["seed"], asked["is_finished"]) == (DOG["prompt"], 123456, False)
    assert [(each["status"], each["seed"]) for each in asked["jobs"]] == [
        ("queued", 123456),
        ("queued", 123457),
    ]
    assert asked["jobs"][0]["place"] == {
        "number": None,
        "has_worker": False,
        "starts": None,
        "done": None,
        "hold": "no_worker",
        "until": None,
        "reason": "No worker is running that has this model.",
    }

    run_all(make_runner())

    finished = uma.get(created["Location"]).json()
    assert finished["is_finished"] is True
    for job in finished["jobs"]:
        assert (job["status"], job["place"], job["step"]) == ("succeeded", None, 2)
        image = uma.call("get", f"/images/{job['image']}/").json()
        assert (image["request"], image["seed"]) == (finished["id"], job["seed"])


def test_a_waiting_picture_says_where_it_stands(world, uma) -> None:
    make_runner()
    ask_for(world.pets, world.paul)

    jobs = uma.call("post", path_of(world), DOG).json()["jobs"]

    assert [each["place"]["has_worker"] for each in jobs] == [True, True]
    assert sorted(each["place"]["number"] for each in jobs) == [2, 3]
    for each in jobs:
        starts, done = each["place"]["starts"], each["place"]["done"]
        assert 0 < starts["earliest"] <= starts["likely"] <= starts["latest"]
        assert starts["likely"] < done["likely"] <= done["latest"]
        assert (each["place"]["hold"], each["place"]["reason"]) == (None, "")


def test_a_scheduled_picture_says_when_it_starts(world, uma) -> None:
    make_runner()
    start = timezone.now() + timedelta(hours=3)
    request = ask_for(world.pets, world.uma, start_at=start)

    (job,) = uma.call("get", f"/requests/{request.pk}/").json()["jobs"]

    assert (job["status"], job["place"]["hold"]) == ("scheduled", "scheduled")
    assert datetime.fromisoformat(job["start_at"]) == start
    assert datetime.fromisoformat(job["place"]["until"]) == start
    assert job["place"]["starts"]["likely"] == pytest.approx(3 * 3600, abs=5)
    assert job["place"]["reason"].endswith(", as you chose.")


def test_others_are_told_the_reason_as_others(world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma, start_at=timezone.now() + timedelta(hours=3))

    shown = browser_of(world.rita).call("get", f"/requests/{request.pk}/").json()

    assert shown["jobs"][0]["place"]["reason"].endswith(", as its maker chose.")


def test_what_is_left_out_suits_the_model(world, uma, model) -> None:
    type(model).objects.update(default_steps=6, default_cfg=1.5)

    asked = uma.call("post", path_of(world), {"prompt": "pandas"}).json()

    assert (asked["steps"], asked["cfg"], asked["count"]) == (6, 1.5, 1)
    assert (asked["width"], asked["height"]) == (1024, 1024)
    assert (asked["model_version"], asked["model_name"]) == (model.pk, "Preview")


def test_what_is_left_out_fits_the_limits_of_the_project(world, uma) -> None:
    UsagePolicy.objects.create(project=world.pets, max_side=512)

    asked = uma.call("post", path_of(world), {"prompt": "pandas"}).json()

    assert (asked["width"], asked["height"]) == (512, 512)


def test_a_template_is_filled_and_suggests_the_rest(world, uma) -> None:
    template = make_template(
        world.lantern,
        world.ada,
        negative_prompt="模糊",
        suggestions=Suggestions(width=256, height=512, steps=4),
    )
    version = template.versions.get()

    asked = uma.call(
        "post",
        path_of(world),
        {
            "template_version": version.pk,
            "template_values": {"主体": "橘猫", "地点": "窗台"},
            "steps": 3,
        },
    ).json()

    assert asked["prompt"] == "一只橘猫，坐在窗台上"
    assert asked["prompt_typed"] == version.prompt
    assert asked["negative_prompt"] == "模糊"
    assert (asked["width"], asked["height"], asked["steps"]) == (256, 512, 3)
    assert asked["template_version"] == version.pk
    assert asked["template_values"] == {"主体": "橘猫", "地点": "窗台"}


def test_the_parent_is_remembered_if_it_can_be_seen(world, uma) -> None:
    mine, foreign = (
        make_image(world.pets, world.paul),
        make_image(world.harbour_project, world.mallory),
    )

    assert uma.call("post", path_of(world), {**DOG, "parent": str(mine.uid)}).json()[
        "parent"
    ] == str(mine.uid)
    assert (
        uma.call("post", path_of(world), {**DOG, "parent": str(foreign.uid)}).json()["parent"]
        is None
    )


def test_asking_twice_with_one_ticket_is_asking_once(world, uma) -> None:
    body = {**DOG, "ticket": str(uuid.uuid4())}

    first, second = (uma.call("post", path_of(world), body) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert GenerationRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": ""}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"prompt": ["dog"]}, "prompt"),
        ({"prompt": "x" * 4001}, "prompt"),
        ({"negative_prompt": "a\0b"}, "negative_prompt"),
        ({"width": 2048}, "width"),
        ({"width": 100}, "width"),
        ({"width": "wide"}, "width"),
        ({"height": 2**70}, "height"),
        ({"steps": 0}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"steps": True}, "steps"),
        ({"cfg": 31}, "cfg"),
        ({"cfg": "nan"}, "cfg"),
        ({"cfg": -1}, "cfg"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**63 - 1}, "seed"),
        ({"count": 5}, "count"),
        ({"count": 0}, "count"),
        ({"model_version": 999_999}, "model_version"),
        ({"model_version": 2**63 - 1}, "model_version"),
        ({"template_version": 999_999}, "template_version"),
        ({"template_values": {"主体": 5}}, "template_values.主体"),
        ({"template_values": {"\ud800": "x"}}, "template_values"),
        ({"parent": "nothing"}, "parent"),
        ({"ticket": "1"}, "ticket"),
        ({"heigth": 128}, "heigth"),
    ],
)
def test_an_ask_that_makes_no_sense_names_the_field(world, uma, changes, field) -> None:
    assert_refused(uma.call("post", path_of(world), {**DOG, **changes}), 400, field=field)
    assert GenerationRequest.objects.count() == 0


def test_a_variable_without_a_value_is_named(world, uma) -> None:
    version = make_template(world.lantern, world.ada).versions.get()
    body = {"template_version": version.pk, "template_values": {"主体": "橘猫"}}

    fault = assert_refused(uma.call("post", path_of(world), body), 400, field="template_values")

    assert "地点" in fault["sentence"]


def test_a_template_of_another_organization_is_not_there(world, uma) -> None:
    version = make_template(world.harbour, world.mallory).versions.get()
    body = {"template_version": version.pk, "template_values": {"主体": "x", "地点": "y"}}

    assert_refused(uma.call("post", path_of(world), body), 400, field="template_version")


def test_too_many_waiting_pictures_are_a_limit(world, uma) -> None:
    UsagePolicy.objects.create(project=world.pets, max_waiting_per_person=3)
    assert uma.call("post", path_of(world), DOG).status_code == 201

    assert_refused(uma.call("post", path_of(world), DOG), 429, code="limit_exceeded")


def test_cancelling_a_request_cancels_what_is_left(world, uma) -> None:
    asked = uma.call("post", path_of(world), DOG).json()

    cancelled = uma.call("post", f"/requests/{asked['id']}/cancel/")

    assert cancelled.status_code == 200
    assert {each["status"] for each in cancelled.json()["jobs"]} == {"cancelled"}
    assert_refused(uma.call("post", f"/requests/{asked['id']}/cancel/"), 409)


def test_requests_are_listed_newest_first_in_pages(world, uma) -> None:
    asked = [str(ask_for(world.pets, person).pk) for person in (world.uma, world.paul, world.uma)]
    ask_for(world.products, world.uma)

    first = uma.call("get", f"{path_of(world)}?limit=2").json()
    rest = uma.get(first["next"]).json()

    assert [each["id"] for each in first["items"] + rest["items"]] == asked[::-1]
    assert rest["next"] is None
    mine = uma.call("get", f"{path_of(world)}?person={world.paul.pk}").json()["items"]
    assert [each["id"] for each in mine] == [asked[1]]


@pytest.mark.parametrize(
    ("query", "field"),
    [("cursor=nonsense", "cursor"), ("limit=1000", "limit"), ("person=uma", "person")],
)
def test_a_list_that_makes_no_sense_names_the_parameter(world, uma, query, field) -> None:
    assert_refused(uma.call("get", f"{path_of(world)}?{query}"), 400, field=field)


def test_the_number_of_queries_does_not_grow_with_the_requests(
    world, model, django_assert_max_num_queries
) -> None:
    for _ in range(5):
        ask_for(world.pets, world.uma, count=2)
    run_all(make_runner())
    for _ in range(5):
        ask_for(world.pets, world.paul, count=2)
    uma = browser_of(world.uma)

    # Session, person, access, project; requests and jobs; the line of those who wait.
    with django_assert_max_num_queries(4 + 2 + 11):
        assert len(uma.call("get", path_of(world)).json()["items"]) == 10


def test_a_stranger_finds_no_requests(world, model) -> None:
    asked = ask_for(world.pets, world.uma)

    for mallory in (browser_of(world.mallory), program_of(world.mallory, world.harbour)):
        assert_refused(mallory.call("get", path_of(world)), 404)
        assert_refused(mallory.call("post", path_of(world), DOG), 404)
        assert_refused(mallory.call("get", f"/requests/{asked.pk}/"), 404)
        assert_refused(mallory.call("post", f"/requests/{asked.pk}/cancel/"), 404)
    assert GenerationRequest.objects.count() == 1


def test_only_the_maker_and_managers_cancel(world, model) -> None:
    asked = ask_for(world.pets, world.uma)

    rita = program_of(world.rita, world.lantern)
    assert_refused(rita.call("post", f"/requests/{asked.pk}/cancel/"), 403, code="not_permitted")
    assert GenerationJob.objects.get().status == JobStatus.QUEUED
    ada = program_of(world.ada, world.lantern)
    assert ada.call("post", f"/requests/{asked.pk}/cancel/").status_code == 200


def test_asking_and_reading_need_their_scopes(world, model) -> None:
    asked = ask_for(world.pets, world.uma)
    reader = program_of(world.uma, world.lantern, Scope.READ)
    maker = program_of(world.uma, world.lantern, Scope.GENERATE, name="maker")

    assert_refused(reader.call("post", path_of(world), DOG), 403, code="scope_missing")
    assert_refused(reader.call("post", f"/requests/{asked.pk}/cancel/"), 403)
    assert reader.call("get", f"/requests/{asked.pk}/").status_code == 200
    assert_refused(maker.call("get", f"/requests/{asked.pk}/"), 403, code="scope_missing")
    assert maker.call("post", path_of(world), DOG).status_code == 201
