"""Stars, ratings, tags and collections by keys, and collections put in order, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection
from assets.models import Collection, CollectionItem, ImageMark, ImageTag
from tests.assets.builders import make_image
from tests.builders import access_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def visit(page: Page, client_for, asgi_server: str) -> Callable[[User, str], Page]:
    """`visit(world.uma, "/path/")` is Uma's browser on that page."""

    def visit(person: User, path: str) -> Page:
        session = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}]
        )
        page.goto(asgi_server + path)
        return page

    return visit


def make_images(world, count):
    return [
        make_image(world.pets, world.uma, prompt=f"fox {number}", seed=number, size=(320, 240))
        for number in range(count)
    ]


def card(page: Page, image):
    return page.locator(f'picture-wall .card[data-uid="{image.uid}"]')


def test_keys_on_a_wall_star_rate_tag_and_collect_what_is_selected(visit, world) -> None:
    first, second, third = make_images(world, 3)
    page = visit(world.uma, f"/projects/{world.pets.pk}/")
    card(page, first).locator(".card-link").focus()

    page.keyboard.press("f")
    expect(card(page, first).locator(".card-own")).to_be_visible()
    page.keyboard.press("4")
    expect(card(page, first).locator(".card-rating")).to_contain_text("4")
    expect(page.locator(".toast")).to_have_count(0)

    for image in (first, second):
        card(page, image).locator(".card-link").focus()
        page.keyboard.press("Space")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Tag 2 pictures")).to_be_visible()
    page.keyboard.type("hero, 秋天")
    page.keyboard.press("Enter")
    expect(page.locator(".toast", has_text="Tagged: hero, 秋天.")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Put 2 pictures into…")).to_be_visible()
    page.keyboard.type("Autumn")
    expect(page.get_by_text("New collection “Autumn”")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".toast", has_text="are in “Autumn” now")).to_be_visible()

    mark = ImageMark.objects.get()
    assert (mark.image, mark.is_starred, mark.rating) == (first, True, 4)
    assert ImageTag.objects.filter(image__in=[first, second]).count() == 4
    assert set(CollectionItem.objects.values_list("image_id", flat=True)) == {first.pk, second.pk}
    assert not ImageTag.objects.filter(image=third).exists()

    page.keyboard.press("z")
    expect(page.locator(".toast", has_text="It is undone.")).to_be_visible()
    assert Collection.objects.count() == 1
    assert not CollectionItem.objects.exists()


def test_a_mark_that_the_site_refuses_is_taken_back_on_the_page(visit, world) -> None:
    (image,) = make_images(world, 1)
    page = visit(world.uma, f"/images/{image.uid}/")
    star = page.get_by_role("button", name="Star", exact=True)

    def refuse(route: Route) -> None:
        expect(star).to_have_attribute("aria-pressed", "true")
        route.fulfill(status=403, content_type="text/plain", body="Not today.")

    page.route("**/pictures/marks/", refuse)
    star.click()

    expect(page.locator(".toast", has_text="Not today.")).to_be_visible()
    expect(star).to_have_attribute("aria-pressed", "false")


def test_tags_are_written_one_after_the_other_on_a_pictures_page(visit, world) -> None:
    (image,) = make_images(world, 1)
    page = visit(world.uma, f"/images/{image.uid}/")
    field = page.get_by_label("Add tags, with commas between")

    field.fill("hero")
    field.press("Enter")
    expect(page.locator(".tag-chip", has_text="hero")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type("dog")
    page.keyboard.press("Enter")
    expect(page.locator(".tag-chip")).to_have_count(2)
    page.get_by_role("button", name="Take off the tag hero").click()
    expect(page.locator(".tag-chip")).to_have_count(1)
    assert ImageTag.objects.get().tag.name == "dog"


def test_a_collection_is_put_in_order_with_mouse_and_keys(visit, world) -> None:
    images = make_images(world, 3)
    access = access_of(world.uma)
    collection = create_collection(access=access, project=world.pets, name="秋天")
    collect_images(access=access, collection=collection, images=images)
    page = visit(world.uma, f"/collections/{collection.pk}/")

    def order() -> list[int]:
        items = CollectionItem.objects.filter(collection=collection).order_by("position", "pk")
        return list(items.values_list("image_id", flat=True))

    first, second, third = (image.pk for image in images)
    card(page, images[0]).locator(".card-link").focus()
    with page.expect_response(re.compile("/order/")):
        page.keyboard.press("Alt+ArrowRight")
    assert order() == [second, first, third]
    expect(card(page, images[0]).locator(".card-link")).to_be_focused()
    with page.expect_response(re.compile("/order/")):
        card(page, images[2]).drag_to(card(page, images[1]), target_position={"x": 10, "y": 50})
    assert order() == [third, second, first]
    shown = page.locator("picture-wall .card").evaluate_all(
        "cards => cards.map((card) => card.dataset.uid)"
    )
    assert shown == [str(images[at].uid) for at in (2, 1, 0)]


def test_a_collection_is_dragged_into_another_one(visit, world) -> None:
    access = access_of(world.uma)
    for name in ("Forest", "Campaign"):
        create_collection(access=access, project=world.pets, name=name)
    page = visit(world.uma, f"/projects/{world.pets.pk}/collections/")

    forest, campaign = (
        page.locator(".collection-tile", has=page.get_by_role("link", name=name))
        for name in ("Forest", "Campaign")
    )
    with page.expect_response(re.compile("/move/")):
        forest.drag_to(campaign)

    expect(page.locator(".collection-row", has_text="Forest")).to_be_visible()
    assert Collection.objects.get(name="Forest").parent.name == "Campaign"


@pytest.mark.parametrize("path", ["collections/", "tags/", "searches/", "home/"])
def test_the_pages_can_be_used_by_everybody(visit, world, path) -> None:
    images = make_images(world, 2)
    access = access_of(world.uma)
    outer = create_collection(access=access, project=world.pets, name="outer")
    create_collection(access=access, project=world.pets, name="inner", parent=outer)
    collect_images(access=access, collection=outer, images=images)

    page = visit(world.uma, f"/projects/{world.pets.pk}/{path}")

    assert Axe().run(page).response["violations"] == []
