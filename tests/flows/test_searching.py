"""Searching a gallery as one does it: by keys, suggestions, facets, corrections and examples."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from assets.types import ReviewStatus
from tests.assets.builders import make_image
from tests.builders import World

pytestmark = [pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"
FIELD = "input[name=q]"
CARDS = "#found a[href^='/images/']"
OPTION = "[role=option]"


@pytest.fixture
def gallery(browser: Browser, asgi_server: str, world: World) -> Callable[[str], Page]:
    """`gallery(language)`: the gallery of four pictures, as uma sees it after she has signed in."""

    def gallery(language: str = "en") -> Page:
        User.objects.update(language=language)
        make_image(world.pets, world.uma, prompt="一只可爱的熊猫，戴着红色围巾")
        make_image(world.pets, world.paul, prompt="a panda on grass")
        make_image(
            world.pets, world.uma, prompt="a cat on grass", review_status=ReviewStatus.REJECTED
        )
        make_image(world.pets, world.uma, prompt="a dog", model="Z-Image-Base")
        page = browser.new_context(base_url=asgi_server, reduced_motion="reduce").new_page()
        page.goto("/")
        page.fill("input[name=login]", world.uma.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        expect(page).to_have_url(re.compile(r"/$"))
        page.goto(f"/projects/{world.pets.pk}/")
        expect(page.locator(CARDS)).to_have_count(4)
        return page

    return gallery


def test_a_search_is_written_by_keys_alone(gallery: Callable[[str], Page]) -> None:
    page = gallery("en")

    page.keyboard.press("/")
    page.keyboard.type("grass ")
    expect(page.locator(OPTION).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(OPTION).first).to_be_hidden()
    expect(page.locator(FIELD)).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("sta")
    expect(page.locator(OPTION).first).to_have_text(re.compile("status:"))
    page.keyboard.press("ArrowDown")
    expect(page.locator(FIELD)).to_have_attribute("aria-activedescendant", "search-suggestions-0")
    page.keyboard.press("Enter")
    expect(page.locator(OPTION)).to_have_count(5)
    page.keyboard.type("rej")
    expect(page.locator(OPTION)).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")

    expect(page.locator(CARDS)).to_have_count(1)
    expect(page.locator(FIELD)).to_have_value("grass status:rejected ")
    expect(page.locator(FIELD)).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=grass\+status%3Arejected$"))

    page.get_by_role("link", name=re.compile("Status: Rejected")).click()
    expect(page.locator(CARDS)).to_have_count(2)
    expect(page.locator(FIELD)).to_have_value("grass")


def test_mistakes_are_corrected_and_the_help_is_tried_by_one_click(
    gallery: Callable[[str], Page],
) -> None:
    page = gallery("zh-hans")

    page.fill(FIELD, "熊猫 状太：已通过")
    page.keyboard.press("Enter")
    expect(page.locator(".banner")).to_contain_text("第 4 个字符")
    expect(page.locator(CARDS)).to_have_count(1)
    page.locator(".banner a").click()

    expect(page.locator(FIELD)).to_have_value("熊猫 状态:已通过")
    expect(page.locator(".empty")).to_be_visible()
    page.locator(".ways-out a").first.click()
    expect(page.locator(CARDS)).to_have_count(1)

    page.locator("[data-search-help]").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("如何搜索")
    dialog.get_by_role("link", name="熊猫 -草地").click()

    expect(page.locator(FIELD)).to_have_value("熊猫 -草地")
    expect(page.locator(CARDS)).to_have_count(1)


def test_what_there_is_to_choose_from_is_counted_when_it_is_opened(
    gallery: Callable[[str], Page],
) -> None:
    page = gallery("en")

    page.fill(FIELD, "grass")
    expect(page.locator(CARDS)).to_have_count(2)
    page.locator("details.facets-menu summary").click()
    paul = page.locator(".facet a", has_text="Paul")
    expect(paul).to_contain_text("1")
    problems = Axe().run(page).response["violations"]
    assert [each["id"] for each in problems] == []
    paul.click()

    expect(page.locator(FIELD)).to_have_value("grass by:Paul")
    expect(page.locator(CARDS)).to_have_count(1)
