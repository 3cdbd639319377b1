"""Organizations and projects through the API."""

from __future__ import annotations

import pytest

from accounts.models import Project
from accounts.roles import Scope
from tests.builders import make_project
from tests.callers import assert_refused, browser_of, program_of


@pytest.fixture(params=["token", "session"])
def ada(request, world):
    """Ada, through a program or her browser."""
    if request.param == "token":
        return program_of(world.ada, world.lantern)
    return browser_of(world.ada)


def test_organizations_are_ones_own(world, ada) -> None:
    page = ada.call("get", "/organizations/").json()

    assert page["next"] is None
    assert [each["slug"] for each in page["items"]] == ["lantern"]
    assert "create_projects" in page["items"][0]["permissions"]


def test_projects_are_those_one_can_see(world, ada) -> None:
    names = [each["name"] for each in ada.call("get", "/projects/").json()["items"]]

    assert names == ["宠物主题", "Product backgrounds"]


def test_projects_of_an_organization_that_is_not_ones_own_are_not_there(world, ada) -> None:
    assert len(ada.call("get", "/projects/?organization=lantern").json()["items"]) == 2
    assert ada.call("get", "/projects/?organization=harbour").json()["items"] == []


def test_a_project_shows_its_organization_and_permissions(world, ada) -> None:
    project = ada.call("get", f"/projects/{world.pets.pk}/").json()

    assert (project["id"], project["organization"]) == (world.pets.pk, "lantern")
    assert "manage_project" in project["permissions"]


def test_pages_follow_each_other_to_the_end(world, ada) -> None:
    for number in range(5):
        make_project(world.lantern, f"Project {number}")

    seen, path, pages = [], "/projects/?limit=3", 0
    while path:
        page = ada.call("get", path).json()
        assert len(page["items"]) <= 3
        seen += [each["id"] for each in page["items"]]
        path = page["next"] and page["next"].removeprefix("http://testserver/api/v1")
        pages += 1

    assert pages == 3
    assert seen == sorted(
        Project.objects.filter(organization=world.lantern).values_list("pk", flat=True)
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=abc", "cursor"),
        ("cursor=-1", "cursor"),
        (f"cursor={2**63}", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("colour=red", "colour"),
        ("organization=", "organization"),
    ],
)
def test_a_query_that_makes_no_sense_names_the_parameter(world, ada, query, field) -> None:
    assert_refused(ada.call("get", f"/projects/?{query}"), 400, field=field)


def test_the_number_of_queries_does_not_grow_with_the_list(
    world, django_assert_max_num_queries
) -> None:
    ada = browser_of(world.ada)
    for number in range(10):
        make_project(world.lantern, f"Project {number}")

    with django_assert_max_num_queries(4):  # session, person, access, projects
        assert len(ada.call("get", "/projects/").json()["items"]) == 12


def test_a_project_is_created_and_found_where_the_answer_says(world, ada) -> None:
    response = ada.call(
        "post", "/organizations/lantern/projects/", {"name": " 冬季 ", "description": "Snow."}
    )

    assert response.status_code == 201
    project = Project.objects.get(name="冬季")
    assert response["Location"] == f"/api/v1/projects/{project.pk}/"
    assert response.json()["description"] == "Snow."
    assert ada.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": 5}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "宠物主题"}, "name"),
        ({"name": "New", "colour": "red"}, "colour"),
        ([], ""),
        ("New", ""),
    ],
)
def test_a_body_that_makes_no_sense_names_the_field(world, ada, body, field) -> None:
    response = ada.call("post", "/organizations/lantern/projects/", body)

    assert_refused(response, 400, field=field)
    assert Project.objects.filter(organization=world.lantern).count() == 2


def test_only_admins_create_projects(world) -> None:
    path, body = "/organizations/lantern/projects/", {"name": "New"}

    assert_refused(browser_of(world.rita).call("post", path, body), 403, code="not_permitted")
    assert_refused(program_of(world.rita, world.lantern).call("post", path, body), 403)
    assert_refused(program_of(world.ada, world.lantern, Scope.READ).call("post", path, body), 403)
    assert_refused(browser_of(world.mallory).call("post", path, body), 404)
