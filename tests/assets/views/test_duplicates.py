"""The page of near-duplicates, and the page of similar looks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assets.models import Image, NearDuplicate, Operation
from tests.assets.builders import make_image
from tests.assets.pictures import painted
from tests.builders import World

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def alike(world: World) -> list[Image]:
    """Two pictures of Uma's that look the same; the second one has another prompt."""
    return [
        make_image(world.pets, world.uma, picture=painted(1), prompt=prompt)
        for prompt in ("一只金毛犬", "a golden retriever")
    ]


def url(world: World, what: str = "") -> str:
    return reverse(f"assets:duplicates{what}", args=[world.pets.pk])


def named(images: list[Image], **more: str) -> dict[str, object]:
    return {"image": [str(image.uid) for image in images], **more}


def test_a_group_shows_what_differs_and_which_one_is_proposed(world, client_for, alike) -> None:
    page = client_for(world.uma).get(url(world)).content.decode()
    assert "Suggested: " in page
    assert "a golden retriever" in page
    assert page.count("Keep this one") == 2
    assert "<dt>Seed</dt>" not in page  # it is the same in both


def test_an_empty_page_says_what_will_be_here(world, client_for) -> None:
    assert "gathered here" in client_for(world.uma).get(url(world)).content.decode()
    more = client_for(world.uma).get(url(world), {"cursor": "1"})
    assert "all that wait" in more.content.decode()


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "９"])
def test_a_cursor_that_means_nothing_is_the_beginning(world, client_for, alike, cursor) -> None:
    page = client_for(world.uma).get(url(world), {"cursor": cursor})
    assert "Keep this one" in page.content.decode()


def test_one_click_keeps_one_and_offers_to_take_it_back(world, client_for, alike) -> None:
    uma = client_for(world.uma)
    body = named(alike, keep=str(alike[1].uid))
    answer = uma.post(url(world, "-keep-one"), body, **HTMX)
    assert "is kept, 1 other is in the trash" in answer.content.decode()
    assert "Undo" in answer.content.decode()
    alike[0].refresh_from_db()
    assert alike[0].trashed_at
    uma.post(reverse("assets:operation-undo", args=[Operation.objects.get().uid]), **HTMX)
    alike[0].refresh_from_db()
    assert alike[0].trashed_at is None


def test_one_click_keeps_all_and_another_takes_it_back(world, client_for, alike) -> None:
    uma = client_for(world.uma)
    answer = uma.post(url(world, "-keep-all"), named(alike), **HTMX)
    assert "All 2 pictures are kept." in answer.content.decode()
    assert NearDuplicate.objects.get().decision == "kept"
    assert uma.post(url(world, "-ask-again"), named(alike)).status_code == 302
    assert NearDuplicate.objects.get().decision == "open"
    assert uma.post(url(world, "-keep-all"), named(alike)).status_code == 302


@pytest.mark.parametrize("what", ["-keep-one", "-keep-all", "-ask-again"])
def test_pictures_that_are_not_there_are_refused(world, client_for, alike, what) -> None:
    uma = client_for(world.uma)
    elsewhere = make_image(world.products, world.uma)
    for images in ([alike[0]], [alike[0], elsewhere]):
        body = named(images, keep=str(alike[0].uid))
        assert uma.post(url(world, what), body).status_code == 422
    assert uma.post(url(world, what), {"image": ["x", "y"], "keep": "z"}).status_code == 422
    assert client_for(world.mallory).post(url(world, what), named(alike)).status_code == 404
    assert NearDuplicate.objects.get().decision == "open"


def test_which_one_to_keep_has_to_be_said(world, client_for, alike) -> None:
    other = make_image(world.pets, world.uma)
    uma = client_for(world.uma)
    assert uma.post(url(world, "-keep-one"), named(alike)).status_code == 422
    body = named(alike, keep=str(other.uid))
    assert uma.post(url(world, "-keep-one"), body).status_code == 422


def test_similar_pictures_are_shown_nearest_first(world, client_for, alike) -> None:
    address = reverse("assets:similar", args=[alike[0].uid])
    page = client_for(world.uma).get(address).content.decode()
    assert str(alike[1].uid) in page
    assert client_for(world.uma).get(address, {"by": "magic"}).status_code == 404
    assert client_for(world.mallory).get(address).status_code == 404
    lonely = make_image(world.products, world.uma, picture=painted(3))
    empty = client_for(world.uma).get(reverse("assets:similar", args=[lonely.uid]))
    assert "Nothing looks like it" in empty.content.decode()
