"""Who gets which answer at every address of the work."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from generation.types import JobStatus
from tests.builders import World
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db

# address, method, status for: uma (the maker), rita (reviewer), ada (admin), mallory (stranger)
TABLE = [
    ("create", "get", 200, 200, 200, 404),
    ("create", "post", 422, 422, 422, 404),
    ("estimate", "get", 200, 200, 200, 404),
    ("requests", "get", 200, 200, 200, 404),
    ("totals", "get", 200, 200, 200, 404),
    ("request", "get", 200, 200, 200, 404),
    ("request-progress", "get", 200, 200, 200, 404),
    ("request-cancel", "post", 302, 403, 302, 404),
    ("request-edit", "get", 200, 403, 200, 404),
    ("request-edit", "post", 422, 403, 422, 404),
    ("request-start", "get", 200, 403, 200, 404),
    ("request-start", "post", 302, 403, 302, 404),
    ("request-move", "post", 302, 403, 302, 404),
    ("request-retry", "post", 409, 403, 409, 404),
    ("queue", "get", 200, 200, 200, 200),
    ("queue-part", "get", 200, 200, 200, 200),
    ("queue-cancel", "post", 302, 302, 302, 302),
    ("organization-queue", "get", 403, 403, 200, 404),
    ("organization-queue", "post", 403, 403, 302, 404),
    ("site-queue", "get", 403, 403, 403, 403),
    ("site-queue", "post", 403, 403, 403, 403),
    ("job-cancel", "post", 302, 403, 302, 404),
    ("job-retry", "post", 409, 403, 409, 404),
    ("policy", "get", 403, 403, 200, 404),
    ("policy", "post", 403, 403, 422, 404),
    ("policy-reset", "post", 403, 403, 302, 404),
    ("organization-policy", "get", 403, 403, 200, 404),
    ("organization-policy", "post", 403, 403, 422, 404),
    ("organization-policy-reset", "post", 403, 403, 302, 404),
]
PEOPLE = ("uma", "rita", "ada", "mallory")
OF_PROJECT = {"create", "estimate", "requests", "totals", "policy", "policy-reset"}
OF_ALL = {"queue", "queue-part", "queue-cancel", "site-queue"}
SENT = {"request-move": {"to": "front"}, "request-start": {"start": "idle"}}


def address(name: str, world: World) -> str:
    request = ask_for(world.pets, world.uma)
    if name in OF_ALL:
        return reverse(f"generation:{name}")
    if name == "organization-queue":
        return reverse(f"generation:{name}", kwargs={"slug": world.lantern.slug})
    if name in OF_PROJECT:
        return reverse(f"generation:{name}", kwargs={"project_id": world.pets.pk})
    if name.startswith("organization"):
        return reverse(f"generation:{name}", kwargs={"slug": world.lantern.slug})
    if name.startswith("job"):
        return reverse(f"generation:{name}", kwargs={"job_id": request.jobs.get().pk})
    return reverse(f"generation:{name}", kwargs={"request_id": request.pk})


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[1]} {row[0]}")
def test_everybody_gets_the_answer_of_the_table(
    world: World, client_for, row: tuple, person: str
) -> None:
    name, method, *expected = row
    client = client_for(getattr(world, person))

    sent = SENT.get(name, {}) if method == "post" else {}
    answer = getattr(client, method)(address(name, world), sent)

    assert answer.status_code == expected[PEOPLE.index(person)]
    if person == "mallory":
        assert "金毛犬" not in answer.content.decode()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[1]} {row[0]}")
def test_who_has_not_signed_in_is_sent_to_the_door(world: World, row: tuple) -> None:
    url = address(row[0], world)

    answer = getattr(Client(), row[1])(url)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name",
    ["request-cancel", "request-move", "request-retry", "queue-cancel", "job-cancel", "job-retry"],
)
def test_looking_never_changes_anything(world: World, client_for, name: str) -> None:
    url = address(name, world)

    assert client_for(world.uma).get(url).status_code == 405
    assert {job.status for job in world.uma.jobs.all()} == {JobStatus.QUEUED}


def test_a_person_of_another_project_of_the_organization_is_a_stranger(
    world: World, client_for
) -> None:
    request = ask_for(world.products, world.uma)

    answer = client_for(world.paul).get(
        reverse("generation:request", kwargs={"request_id": request.pk})
    )

    assert answer.status_code == 404
