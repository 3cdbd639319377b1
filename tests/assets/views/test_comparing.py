"""The page that compares pictures."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.assets.builders import make_image

pytestmark = pytest.mark.django_db


def compare(client, project, *images, **more):
    address = reverse("assets:compare", kwargs={"project_id": project.pk})
    return client.get(address, {"id": [getattr(each, "uid", each) for each in images], **more})


def test_pictures_stand_in_the_order_of_the_address(world, client_for) -> None:
    one, two = make_image(world.pets, world.uma, seed=1), make_image(world.pets, world.uma, seed=2)

    page = compare(client_for(world.uma), world.pets, two, one)

    assert [side.image for side in page.context["sides"]] == [two, one]
    text = page.content.decode()
    assert "What is different" in text
    assert ">Seed<" in text
    assert ">Steps<" not in text


def test_everything_is_shown_on_request(world, client_for) -> None:
    images = [make_image(world.pets, world.uma, seed=seed) for seed in (1, 2)]

    page = compare(client_for(world.uma), world.pets, *images, show="all")

    assert ">Steps<" in page.content.decode()


def test_pictures_are_swapped_and_left_out_by_links(world, client_for) -> None:
    images = [make_image(world.pets, world.uma, seed=seed) for seed in (1, 2, 3)]
    client = client_for(world.uma)

    sides = compare(client, world.pets, *images).context["sides"]
    swapped = client.get(sides[2].earlier_url).context["sides"]
    fewer = client.get(sides[0].without_url).context["sides"]

    assert sides[0].earlier_url == ""
    assert [side.image for side in swapped] == [images[0], images[2], images[1]]
    assert [side.image for side in fewer] == images[1:]
    assert fewer[0].without_url == ""


def test_of_one_organization_and_several_projects(world, client_for) -> None:
    one, other = make_image(world.pets, world.uma), make_image(world.products, world.uma)

    page = compare(client_for(world.uma), world.pets, one, other)

    assert len(page.context["sides"]) == 2


def test_more_than_four_are_the_first_four(world, client_for) -> None:
    images = [make_image(world.pets, world.uma, seed=seed) for seed in range(5)]

    page = compare(client_for(world.uma), world.pets, *images)

    assert [side.image for side in page.context["sides"]] == images[:4]
    assert "these are the first four" in page.content.decode()


@pytest.mark.parametrize("how_many", [0, 1])
def test_too_few_are_told_how_to_choose(world, client_for, how_many) -> None:
    images = [make_image(world.pets, world.uma) for _ in range(how_many)]

    page = compare(client_for(world.uma), world.pets, *images, *images)

    assert page.status_code == 200
    assert "Choose two to four pictures" in page.content.decode()


def test_foreign_and_missing_pictures_are_not_there(world, client_for) -> None:
    mine, hers = make_image(world.pets, world.uma), make_image(world.harbour_project, world.mallory)
    hidden = make_image(world.products, world.uma)

    assert compare(client_for(world.uma), world.pets, mine, hers).status_code == 404
    assert compare(client_for(world.paul), world.pets, mine, hidden).status_code == 404
    assert compare(client_for(world.uma), world.pets, mine, uuid4()).status_code == 404
    assert compare(client_for(world.uma), world.pets, mine, "no-uid").status_code == 404
    assert compare(client_for(world.mallory), world.pets, mine, hers).status_code == 404


def test_the_number_of_pictures_does_not_change_the_number_of_queries(world, client_for) -> None:
    images = [make_image(world.pets, world.uma, seed=seed) for seed in range(4)]
    client = client_for(world.uma)
    compare(client, world.pets, *images)

    counts = []
    for chosen in (images[:2], images):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            compare(client, world.pets, *chosen)
        counts.append(len(queries))

    assert counts[0] == counts[1]
