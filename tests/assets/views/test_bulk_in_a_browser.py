"""Many pictures at once, as somebody does it in a browser, and back again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assets.models import Image, ImageTag
from tests.assets.builders import make_image
from tests.assets.operations.builders import run_all
from tests.builders import make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gallery(page: Page, asgi_server: str, client_for: Any) -> Page:
    """Uma's gallery with six pictures."""
    world = make_world()
    for seed in range(6):
        make_image(world.pets, world.uma, seed=seed, prompt=f"Picture {seed}")
    session = client_for(world.uma).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": asgi_server}])
    place = reverse("assets:gallery", kwargs={"project_id": world.pets.pk})
    page.goto(f"{asgi_server}{place}")
    expect(page.locator("picture-wall .card-link")).to_have_count(6)
    return page


def test_pictures_are_selected_thrown_away_and_brought_back(gallery: Page) -> None:
    page = gallery
    bar = page.locator("selection-bar")
    expect(bar).to_be_hidden()
    page.locator("picture-wall .card-link").nth(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    expect(bar).to_be_visible()
    expect(bar.locator("[data-count]")).to_have_text("2 selected")

    page.keyboard.press("Delete")

    dock = page.locator("operations-dock")
    expect(dock).to_contain_text("2 pictures are in the trash.")
    expect(page.locator("picture-wall .card-link")).to_have_count(4)
    expect(bar).to_be_hidden()
    assert Image.objects.in_trash().count() == 2

    dock.get_by_role("button", name="Undo").click()

    expect(dock).to_contain_text("Undone for 2 pictures.")
    expect(page.locator("picture-wall .card-link")).to_have_count(6)
    assert Image.objects.in_trash().count() == 0


def test_everything_found_is_tagged_and_the_key_z_takes_it_back(gallery: Page) -> None:
    page = gallery
    page.locator("picture-wall .card-link").nth(0).focus()
    page.keyboard.press("Control+a")
    bar = page.locator("selection-bar")
    expect(bar.locator("[data-count]")).to_have_text("all 6 found")

    bar.get_by_role("button", name="Tag…").click()
    dialog = page.locator("[data-ask-dialog][open]")
    dialog.get_by_label("Tags").fill("hero")
    dialog.get_by_role("button", name="Tag", exact=True).click()

    dock = page.locator("operations-dock")
    expect(dock).to_contain_text("6 pictures are tagged “hero”.")
    assert ImageTag.objects.count() == 6

    page.locator("picture-wall .card-link").nth(0).focus()
    page.keyboard.press("z")
    expect(dock).to_contain_text("Undone for 6 pictures.")
    assert ImageTag.objects.count() == 0


def test_what_runs_in_the_background_is_followed_over_pages(
    gallery: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.operations.ordering.AT_ONCE", 0)
    page = gallery
    page.locator("picture-wall .card-link").nth(0).focus()
    page.keyboard.press("Control+a")
    page.locator("selection-bar").get_by_role("button", name="Trash").click()
    dock = page.locator("operations-dock")
    expect(dock.locator("progress")).to_be_visible()

    page.goto(re.sub(r"/projects/.*", "/", page.url))
    expect(dock.locator("progress")).to_be_visible()
    run_all()

    expect(dock).to_contain_text("6 pictures are in the trash.")
