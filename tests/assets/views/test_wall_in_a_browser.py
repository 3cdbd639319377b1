"""The wall of a gallery in Chromium: selecting, coming back, thousands of cards, stacks, news."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from PIL import Image as Pillow
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from assets.models import DayTally, Image
from tests.assets.builders import hang_many, make_image
from tests.builders import World

pytestmark = pytest.mark.django_db(transaction=True)

WALL = "document.querySelector('picture-wall')"
SCROLL_TO_THE_END = """async () => {
  const wall = document.querySelector("picture-wall");
  let most = 0;
  while (wall.edges.after) {
    scrollTo(0, document.documentElement.scrollHeight);
    await wall.load("after");
    await new Promise(requestAnimationFrame);
    most = Math.max(most, wall.querySelectorAll(".card").length);
  }
  scrollTo(0, document.documentElement.scrollHeight);
  return most;
}"""
BOUNDED = 150
"""Cards that a laptop's window and what is ready around it need; not more with thousands."""


@pytest.fixture(scope="module")
def thumb() -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (64, 48), (120, 80, 200)).save(file, "WEBP")
    return file.getvalue()


@pytest.fixture
def visit(page: Page, client_for, asgi_server: str) -> Callable[[User, str], Page]:
    """`visit(world.uma, "/path/")` is Uma's browser on that page."""

    def visit(person: User, path: str) -> Page:
        session = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}]
        )
        page.goto(asgi_server + path)
        expect(page.locator(".wall-row").first).to_be_visible()
        return page

    return visit


def gallery_of(world: World) -> str:
    return f"/projects/{world.pets.pk}/"


def card(page: Page, number: int) -> Locator:
    """The card of a picture of `hang_many`, by its number."""
    return page.locator(".card", has=page.get_by_alt_text(f"picture {number}", exact=True))


def selected(page: Page) -> Locator:
    return page.locator(".card.is-selected")


def scroll_up_to(page: Page, wanted: Locator) -> None:
    """Scroll up until a card is on the page; each part may take a while to come."""
    until = time.monotonic() + 60
    while not wanted.count() and time.monotonic() < until:
        page.evaluate("scrollBy(0, -1500)")
        page.wait_for_timeout(50)
    page.evaluate("scrollTo(0, 0)")


def test_a_range_is_selected_with_mouse_and_keys_and_said(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 30, thumb=thumb)
    page = visit(world.uma, gallery_of(world))
    said = page.locator("[data-said]")

    card(page, 29).hover()
    card(page, 29).get_by_role("checkbox").click()
    card(page, 26).locator("a").click(modifiers=["Shift"])
    expect(selected(page)).to_have_count(4)
    expect(said).to_have_text("4 selected")
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()

    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(said).to_have_text("6 selected")
    page.keyboard.press("Shift+ArrowLeft")
    expect(said).to_have_text("5 selected")
    card(page, 27).locator("a").click()  # while something is selected, a click selects
    expect(said).to_have_text("4 selected")
    expect(page).to_have_url(re.compile(f"{gallery_of(world)}$"))

    page.reload()
    expect(selected(page)).to_have_count(4)
    page.keyboard.press("Escape")
    expect(selected(page)).to_have_count(0)
    expect(said).to_have_text("Nothing selected")


def test_a_frame_that_is_drawn_selects_what_it_touches(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 30, thumb=thumb)
    page = visit(world.uma, gallery_of(world))
    first, second = card(page, 29).bounding_box(), card(page, 28).bounding_box()
    assert first
    assert second

    page.mouse.move(first["x"] + 20, first["y"] + 60)
    page.mouse.down()
    page.mouse.move(second["x"] + 10, second["y"] + 70, steps=4)
    expect(page.locator(".wall-frame")).to_be_visible()
    expect(selected(page)).to_have_count(2)
    page.mouse.up()

    expect(page.locator(".wall-frame")).to_have_count(0)
    expect(selected(page)).to_have_count(2)
    expect(page).to_have_url(re.compile(f"{gallery_of(world)}$"))


def test_ctrl_a_selects_everything_found_and_not_only_what_is_loaded(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 150, thumb=thumb)
    page = visit(world.uma, gallery_of(world))

    page.keyboard.press("Control+a")
    expect(page.locator("[data-said]")).to_have_text("Everything selected: 150")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(card(page, 85)).to_have_class(re.compile("is-selected"))

    page.evaluate("scrollTo(0, 0)")
    card(page, 149).locator("a").click()
    expect(page.locator("[data-said]")).to_have_text("Everything selected: 149")


def test_the_place_is_kept_over_a_reload_and_the_picture_that_was_opened(
    visit, world, thumb
) -> None:
    hang_many(world.pets, world.uma, 400, thumb=thumb)
    page = visit(world.uma, gallery_of(world))
    page.evaluate("scrollTo(0, 4000)")
    expect(page).to_have_url(re.compile(r"\?at="))
    place = re.compile(re.escape(page.url) + "$")
    shown = page.evaluate(f"{WALL}.inView().uid")
    y = page.evaluate(f"{WALL}.screenTop('{shown}')")

    page.reload()
    expect(page.locator(f'[data-uid="{shown}"]')).to_be_visible()
    assert page.evaluate(f"{WALL}.screenTop('{shown}')") == pytest.approx(y, abs=2)

    # Opened as a page, and from there to the next picture: Back leads to the same place.
    page.goto(page.evaluate(f"{WALL}.querySelector('[data-uid=\"{shown}\"] a').href"))
    page.go_back()
    expect(page).to_have_url(place)
    expect(page.locator(f'[data-uid="{shown}"]')).to_be_visible()
    assert page.evaluate(f"{WALL}.screenTop('{shown}')") == pytest.approx(y, abs=2)

    # Shown large, and moved on: the wall is where the last one hangs.
    uids = page.evaluate(f"{WALL}.uids")
    last = uids[uids.index(shown) + 3]
    page.locator(f'[data-uid="{shown}"] a').click()
    expect(page.locator("dialog.lightbox")).to_be_visible()
    for uid in uids[uids.index(shown) + 1 : uids.index(shown) + 4]:
        page.keyboard.press("ArrowRight")
        expect(page.locator(f'[data-large-picture="{uid}"]')).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f'[data-uid="{last}"] a')).to_be_focused()


def test_two_thousand_cards_are_scrolled_through_with_few_on_the_page(
    page: Page, visit, world
) -> None:
    hang_many(world.pets, world.uma, 2000, per_day=90)
    page.route(re.compile(r"\.webp$"), lambda route: route.abort())  # it is about cards
    page = visit(world.uma, gallery_of(world))

    most = page.evaluate(SCROLL_TO_THE_END)

    expect(card(page, 0)).to_be_visible()
    assert page.evaluate(f"{WALL}.items.length") == 2000
    assert most < BOUNDED
    rows = page.evaluate(f"{WALL}.rows.map((row) => [row.from, row.to])")
    assert [start for start, _end in rows[1:]] == [end for _start, end in rows[:-1]]


def test_the_wall_opens_at_a_day_and_goes_on_in_both_directions(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 600, per_day=60, thumb=thumb)
    middle = Image.objects.get(prompt="picture 300")
    page = visit(world.uma, f"{gallery_of(world)}?at={middle.uid}")

    expect(card(page, 300)).to_be_in_viewport()
    scroll_up_to(page, card(page, 599))
    expect(card(page, 599)).to_be_in_viewport()
    uids = page.evaluate(f"{WALL}.uids")
    newest_first = Image.objects.order_by("-id").values_list("uid", flat=True)[: len(uids)]
    assert uids == [str(uid) for uid in newest_first]

    line = page.get_by_role("slider", name="Date")
    line.focus()
    page.keyboard.press("End")
    oldest = DayTally.objects.earliest("day").day.isoformat()
    expect(page.locator(f'.card[data-day="{oldest}"]').first).to_be_in_viewport(timeout=30_000)
    page.keyboard.press("Home")
    expect(card(page, 599)).to_be_in_viewport(timeout=30_000)


def test_a_stack_opens_in_its_place_and_closes(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 12, per_request=4, thumb=thumb)
    page = visit(world.uma, gallery_of(world))
    expect(page.locator(".card")).to_have_count(12)

    page.get_by_role("button", name="Stacks").click()
    expect(page.locator(".card")).to_have_count(3)
    badge = card(page, 7).locator(".card-stack")
    expect(badge).to_have_text("4")
    badge.click()
    expect(page.locator(".card")).to_have_count(6)
    order = page.locator(".card img").evaluate_all("images => images.map((image) => image.alt)")
    assert order == [f"picture {number}" for number in (11, 7, 6, 5, 4, 3)]
    badge.click()
    expect(page.locator(".card")).to_have_count(3)

    # Selected while closed, it means all of its pictures.
    card(page, 7).hover()
    card(page, 7).get_by_role("checkbox").click()
    expect(page.locator("[data-said]")).to_have_text("4 selected")

    page.goto(page.url.partition("?")[0])  # remembered, without being in the address
    expect(page.locator(".card")).to_have_count(3)


def test_what_arrives_is_hung_above_without_moving_what_is_looked_at(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 120, thumb=thumb)
    page = visit(world.rita, gallery_of(world))
    expect(page.locator("html")).to_have_attribute("data-live", "online")
    page.evaluate("scrollTo(0, 2000)")
    expect(page).to_have_url(re.compile(r"\?at="))
    shown = page.evaluate(f"{WALL}.inView().uid")
    y = page.evaluate(f"{WALL}.screenTop('{shown}')")

    make_image(world.pets, world.uma, prompt="brand new")

    news = page.locator(".wall-news")
    expect(news).to_have_text("1 new")
    assert page.evaluate(f"{WALL}.screenTop('{shown}')") == pytest.approx(y, abs=2)
    news.click()
    expect(page.get_by_alt_text("brand new")).to_be_in_viewport()
    expect(news).to_be_hidden()


def test_the_list_of_keys_shows_those_that_work_here(visit, world, thumb) -> None:
    hang_many(world.pets, world.uma, 3, thumb=thumb)
    page = visit(world.uma, gallery_of(world))

    page.keyboard.press("?")

    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    expect(keys.get_by_text("Select everything that was found")).to_be_visible()
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
