"""The prompt library through the API."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from assets.models import PromptTemplate
from tests.assets.builders import make_template
from tests.callers import assert_refused, browser_of, program_of

PATH = "/organizations/lantern/templates/"
PORTRAIT = {
    "name": "宠物肖像",
    "description": "One animal, one place.",
    "prompt": "一只{主体}，坐在{地点}上",
    "negative_prompt": "低质量，模糊",
    "suggestions": {"width": 768, "steps": 8, "cfg": 1, "examples": {"主体": "金毛犬"}},
}


@pytest.fixture(params=["token", "session"])
def ada(request, world):
    """Ada, through a program or her browser."""
    if request.param == "token":
        return program_of(world.ada, world.lantern)
    return browser_of(world.ada)


def test_a_template_goes_from_draft_to_publication_and_back_out(world, ada) -> None:
    uma = browser_of(world.uma)

    created = ada.call("post", PATH, PORTRAIT)
    assert created.status_code == 201
    path = created["Location"].removeprefix("/api/v1")
    draft = created.json()["versions"][0]
    assert (draft["status"], draft["variables"]) == ("draft", ["主体", "地点"])
    assert draft["suggestions"] == {
        "width": 768,
        "height": None,
        "steps": 8,
        "cfg": 1.0,
        "examples": {"主体": "金毛犬"},
    }
    assert_refused(uma.call("get", path), 404)

    published = ada.call("post", f"{path}publish/").json()
    assert (published["is_usable"], published["published"]["number"]) == (True, 1)
    assert uma.call("get", path).json()["published"]["prompt"] == PORTRAIT["prompt"]

    second = ada.call("put", f"{path}draft/", {"prompt": "一只{主体}"})
    assert (second.status_code, second.json()["number"]) == (200, 2)
    assert [each["number"] for each in ada.call("get", path).json()["versions"]] == [2, 1]
    assert [each["number"] for each in uma.call("get", path).json()["versions"]] == [1]

    assert ada.call("post", f"{path}retire/").json()["is_usable"] is False
    assert_refused(uma.call("get", path), 404)
    assert_refused(ada.call("post", f"{path}retire/"), 409)
    assert ada.call("post", f"{path}restore/").json()["is_usable"] is True


def test_the_library_shows_users_what_they_can_use(world, ada) -> None:
    make_template(world.lantern, world.ada)
    make_template(world.lantern, world.ada, name="Unfinished", published=False)
    uma = program_of(world.uma, world.lantern)

    assert [each["name"] for each in uma.call("get", PATH).json()["items"]] == ["宠物肖像"]
    assert len(ada.call("get", PATH).json()["items"]) == 2
    assert [each["name"] for each in ada.call("get", f"{PATH}?text=unfin").json()["items"]] == [
        "Unfinished"
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Taken"}, "name"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "a {broken prompt"}, "prompt"),
        ({"suggestions": {"width": 100}}, "suggestions.width"),
        ({"suggestions": {"width": 300}}, "width"),
        ({"suggestions": {"cfg": "nan"}}, "suggestions.cfg"),
        ({"suggestions": {"widht": 768}}, "suggestions.widht"),
        ({"suggestions": {"steps": "many"}}, "suggestions.steps"),
        ({"suggestions": {"examples": {"主体": 5}}}, "suggestions.examples.主体"),
        ({"suggestions": {"examples": ["金毛犬"]}}, "suggestions.examples"),
        ({"suggestions": {"examples": {str(n): "" for n in range(51)}}}, "suggestions.examples"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_template_that_makes_no_sense_names_the_field(world, ada, changes, field) -> None:
    make_template(world.lantern, world.ada, name="Taken")

    assert_refused(ada.call("post", PATH, {**PORTRAIT, **changes}), 400, field=field)
    assert PromptTemplate.objects.count() == 1


def test_there_must_be_a_draft_to_publish(world, ada) -> None:
    template = make_template(world.lantern, world.ada)

    assert_refused(ada.call("post", f"/templates/{template.pk}/publish/"), 409)


def test_only_admins_write_templates(world) -> None:
    template = make_template(world.lantern, world.ada)
    writes = [
        ("post", PATH, PORTRAIT),
        ("put", f"/templates/{template.pk}/draft/", {"prompt": "x"}),
        ("post", f"/templates/{template.pk}/publish/", None),
        ("post", f"/templates/{template.pk}/retire/", None),
        ("post", f"/templates/{template.pk}/restore/", None),
    ]
    rita = program_of(world.rita, world.lantern)
    reader = program_of(world.ada, world.lantern, Scope.READ, Scope.GENERATE, Scope.REVIEW)
    mallory = browser_of(world.mallory)

    for method, path, body in writes:
        assert_refused(rita.call(method, path, body), 403, code="not_permitted")
        assert_refused(reader.call(method, path, body), 403, code="scope_missing")
        assert_refused(mallory.call(method, path, body), 404)


def test_a_stranger_finds_no_library(world) -> None:
    template = make_template(world.lantern, world.ada)
    mallory = program_of(world.mallory, world.harbour)

    assert_refused(mallory.call("get", PATH), 404)
    assert_refused(mallory.call("get", f"/templates/{template.pk}/"), 404)


def test_the_number_of_queries_does_not_grow_with_the_library(
    world, django_assert_max_num_queries
) -> None:
    for number in range(6):
        make_template(world.lantern, world.ada, name=f"Template {number}")
    uma = browser_of(world.uma)

    with django_assert_max_num_queries(7):  # session, person, access, organization, library
        assert len(uma.call("get", PATH).json()["items"]) == 6
