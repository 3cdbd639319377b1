"""Pictures large over the wall, and beside each other, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.assets.builders import make_image
from tests.builders import World

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


def pictures(world: World, how_many: int) -> list[str]:
    """Uids of pictures in the order of the wall, the newest first."""
    made = [
        make_image(world.pets, world.uma, prompt=f"fox {number}", seed=number, size=(320, 240))
        for number in range(how_many)
    ]
    return [str(image.uid) for image in reversed(made)]


def at(uid: str) -> re.Pattern[str]:
    return re.compile(f"/images/{uid}/")


def test_next_previous_reload_and_back(visit, world) -> None:
    uids = pictures(world, 3)
    gallery = f"/projects/{world.pets.pk}/"
    page = visit(world.uma, gallery)
    box, shown = page.locator("dialog.lightbox"), page.locator("[data-picture]")

    page.locator("picture-wall .card-link").nth(1).click()
    expect(box).to_be_visible()
    expect(page).to_have_url(at(uids[1]))
    expect(page.locator(".shown .prompt")).to_have_text("fox 1")
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()

    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(at(uids[2]))
    expect(shown).to_have_attribute("src", re.compile(uids[2]))
    expect(page.locator('[data-step="next"]')).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(at(uids[0]))
    expect(page.locator(".shown .prompt")).to_have_text("fox 2")

    page.go_back()
    expect(box).to_be_hidden()
    expect(page).to_have_url(re.compile(f"{gallery}$"))
    expect(page.locator("picture-wall .card-link").nth(0)).to_be_focused()

    page.go_forward()
    expect(box).to_be_visible()
    page.reload()
    expect(page.locator("picture-page")).to_be_visible()
    page.go_back()
    expect(page.locator("picture-wall .card-link")).to_have_count(3)


def test_what_is_written_stays_and_escape_leaves_the_field_first(visit, world) -> None:
    pictures(world, 1)
    page = visit(world.uma, f"/projects/{world.pets.pk}/")
    page.locator("picture-wall .card-link").click()
    field = page.get_by_placeholder("Write a comment")

    field.fill("Softer light")
    field.press("s")  # no key of the lightbox while somebody writes
    field.press("Escape")
    expect(page.locator("dialog.lightbox")).to_be_visible()
    expect(field).to_have_value("Softer lights")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment-text")).to_have_text("Softer lights")

    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".comment-text")).to_have_text("Softer lights")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.lightbox")).to_be_hidden()


def test_a_key_leads_to_the_form_with_a_part_of_the_settings(visit, world) -> None:
    (uid,) = pictures(world, 1)
    page = visit(world.uma, f"/projects/{world.pets.pk}/")
    page.locator("picture-wall .card-link").click()
    expect(page.locator(".shown")).to_be_visible()

    page.keyboard.press("s")

    expect(page).to_have_url(re.compile(rf"/generate/\?from={uid}&keep=seed"))
    expect(page.locator("[name=seed]")).to_have_value("0")


def test_pictures_are_compared_with_a_slider_and_zoomed_as_one(visit, world) -> None:
    first, second = pictures(world, 2)
    page = visit(world.uma, f"/projects/{world.pets.pk}/compare/?id={first}&id={second}")
    areas = page.locator("[data-area] > img")
    expect(areas.nth(0)).to_have_css("transform", re.compile("matrix"))
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()

    page.get_by_role("button", name="Slider").click()
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("55")
    expect(page.locator("[data-frame]").first.locator("[data-area]")).to_have_css(
        "clip-path", "inset(0px 45% 0px 0px)"
    )

    page.get_by_role("button", name="Zoom in").click()
    zoomed = re.compile(r"matrix\(1\.5, 0, 0, 1\.5")
    expect(areas.nth(0)).to_have_css("transform", zoomed)
    expect(areas.nth(1)).to_have_css("transform", zoomed)

    page.get_by_role("button", name="One at a time").click()
    page.keyboard.press("2")
    expect(page.locator("[data-frame]").nth(1)).to_be_visible()
    expect(page.locator("[data-frame]").nth(0)).to_have_css("visibility", "hidden")
