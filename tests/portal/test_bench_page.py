"""Asking and watching in Chromium: all of it moves by itself, and what was missed is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from accounts.models import User
from generation.models import GenerationJob, Worker
from generation.types import JobStatus
from portal.live import end_streams
from tests.generation.builders import ask_for, make_preview_model, make_runner, run_all

# A page with a live connection asks by itself every 15 seconds; what the tests wait for has to come
# sooner.
SOON = 6_000

HIDING = """
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.setHidden = (value) => {
        hidden = value;
        document.dispatchEvent(new Event("visibilitychange"));
    };
"""
NOTIFYING = """
    window.said = [];
    window.answer = "granted";
    window.Notification = class extends EventTarget {
        constructor(title, options) { super(); said.push({ title, ...options }); }
        static permission = "default";
        static requestPermission = async () => (Notification.permission = answer);
        close() {}
    };
"""


@pytest.fixture
def open_as(page: Page, client_for, asgi_server: str) -> Callable[..., Page]:
    """`open_as(world.uma, "/path/")` is Uma's browser on that page, once it is connected."""

    def open_as(person: User, path: str, *scripts: str) -> Page:
        session = client_for(person).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}]
        )
        for script in (HIDING, NOTIFYING, *scripts):
            page.add_init_script(script)
        page.goto(asgi_server + path)
        expect(page.locator("html")).to_have_attribute("data-live", "online")
        page.wait_for_timeout(600)  # it has asked by then for what it missed before
        return page

    return open_as


def bench(world) -> str:
    return f"/projects/{world.pets.pk}/generate/"


def tile(page: Page, job: GenerationJob):
    return page.locator(f"#job-{job.pk}")


# --- Before asking -------------------------------------------------------------------------------


def test_the_estimate_follows_the_form_and_never_sends_its_words(open_as, world) -> None:
    make_preview_model()
    make_runner()
    page = open_as(world.uma, bench(world))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    estimate = page.locator("ask-estimate")
    expect(estimate).to_contain_text("for 1 picture")

    page.get_by_label("Prompt", exact=True).fill("a secret campaign")
    page.get_by_text("3", exact=True).click()
    expect(estimate).to_contain_text("for 3 pictures")
    page.get_by_role("button", name="16:9").click()
    page.get_by_text("Fine settings").click()
    page.get_by_label("Steps").fill("50")
    expect(estimate).to_contain_text("About 46 s of GPU time for 3 pictures")
    page.get_by_label("Steps").fill("51")
    expect(estimate).to_contain_text("Choose between 1 and 50 steps.")

    sent = [url for url in asked if "/estimate/" in url]
    assert sent
    assert not [url for url in sent if "secret" in url or "csrf" in url or "ticket" in url]
    assert page.get_by_label("Prompt", exact=True).input_value() == "a secret campaign"


def test_sizes_are_marked_while_memory_is_short(open_as, world) -> None:
    make_preview_model()
    make_runner()
    Worker.objects.update(free_bytes=20 * 2**30)
    page = open_as(world.uma, bench(world))
    square, wide = (page.get_by_role("button", name=name) for name in ("1:1", "16:9"))
    width = page.locator("[name=width]")
    expect(square).not_to_have_class(re.compile("is-too-large"))

    Worker.objects.update(free_bytes=7 * 2**30)

    expect(square).to_have_class(re.compile("is-too-large"), timeout=12_000)
    assert "there is room for 768" in (square.get_attribute("title") or "")
    expect(page.locator(".ask-notes")).to_contain_text("Memory is short")
    wide.click()
    expect(width).to_have_value("1024")
    expect(page.locator("[name=height]")).to_have_value("576")
    expect(page.locator(".ask-notes")).not_to_contain_text("Memory is short")
    square.click(force=True)  # it rests
    expect(page.locator("[name=height]")).to_have_value("576")
    page.get_by_label("Make it smaller if memory is short").check()
    square.click()
    expect(page.locator("[name=height]")).to_have_value("1024")
    expect(page.locator(".ask-notes")).to_contain_text("It will be made smaller")

    Worker.objects.update(free_bytes=20 * 2**30)

    expect(square).not_to_have_class(re.compile("is-too-large"), timeout=12_000)


# --- Watching ------------------------------------------------------------------------------------


def test_place_and_time_move_up_as_others_are_served(open_as, world) -> None:
    runner = make_runner()
    ask_for(world.pets, world.rita)
    request = ask_for(world.pets, world.uma, count=2)
    first, second = request.jobs.order_by("index")
    page = open_as(world.uma, f"/requests/{request.pk}/")
    expect(tile(page, first)).to_contain_text("Number 2 in line")
    expect(tile(page, second)).to_contain_text("Number 3 in line")
    expect(tile(page, second)).to_contain_text(re.compile(r"Done in (a few|less|about)"))

    assert runner.run_next()  # Rita's

    expect(tile(page, first)).to_contain_text("Next in line", timeout=SOON)
    expect(tile(page, second)).to_contain_text("Number 2 in line")
    expect(page).to_have_title(re.compile(r"^\(0/2\) "))

    assert runner.run_next()

    expect(tile(page, first).locator("img")).to_be_visible(timeout=SOON)
    expect(page).to_have_title(re.compile(r"^\(1/2\) "))


def test_a_page_whose_stream_was_cut_shows_the_truth_once_it_is_back(open_as, world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma)
    job = request.jobs.get()
    page = open_as(world.uma, f"/requests/{request.pk}/")
    loaded = page.evaluate("performance.timeOrigin")
    expect(tile(page, job)).to_contain_text("Next in line")

    end_streams()
    GenerationJob.objects.update(priority=-1)
    ask_for(world.pets, world.rita)  # nobody is told: the news are lost

    expect(tile(page, job)).to_contain_text("Number 2 in line", timeout=SOON)
    expect(page.locator("html")).to_have_attribute("data-live", "online")
    assert page.evaluate("performance.timeOrigin") == loaded


def test_a_page_that_slept_shows_the_truth_when_it_is_seen_again(open_as, world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma)
    job = request.jobs.get()
    page = open_as(world.uma, f"/requests/{request.pk}/")
    expect(tile(page, job)).to_contain_text("Next in line")
    page.evaluate("setHidden(true)")

    GenerationJob.objects.update(status=JobStatus.QUEUED, priority=-1)
    ask_for(world.pets, world.rita)
    page.evaluate("setHidden(false)")

    expect(tile(page, job)).to_contain_text("Number 2 in line", timeout=2_000)


# --- Being told ----------------------------------------------------------------------------------


def tell_me(page: Page):
    return page.get_by_role("button", name="Tell me when my pictures are done")


def said_by(page: Page) -> list[dict[str, str]]:
    """What the browser has said, once it has said something."""
    for _ in range(100):
        if said := page.evaluate("said"):
            return said
        page.wait_for_timeout(100)
    return []


@pytest.mark.parametrize("without", ["", "delete window.SharedWorker;"])
def test_the_browser_says_when_pictures_are_done(open_as, world, without: str) -> None:
    runner = make_runner()
    request = ask_for(world.pets, world.uma, count=2)
    page = open_as(world.uma, f"/requests/{request.pk}/", without)
    assert page.evaluate("Notification.permission") == "default"  # nobody asked yet
    tell_me(page).click()
    expect(tell_me(page)).to_have_attribute("aria-pressed", "true")

    page.evaluate("setHidden(true)")
    run_all(runner)

    said = said_by(page)
    assert [(each["title"], each["body"]) for each in said] == [
        ("Your pictures are done", "2 of 2 made")
    ]
    assert str(request.pk) in said[0]["tag"]
    assert "金毛" not in str(said)  # what others may see on the screen


def test_nothing_is_said_to_who_looks_at_the_page(open_as, world) -> None:
    runner = make_runner()
    request = ask_for(world.pets, world.uma)
    page = open_as(world.uma, f"/requests/{request.pk}/")
    tell_me(page).click()

    run_all(runner)

    expect(page.locator("live-request img")).to_be_visible(timeout=SOON)
    assert page.evaluate("said") == []


def test_the_wish_to_be_told_is_remembered_and_can_be_taken_back(open_as, world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma)
    page = open_as(
        world.uma, f"/requests/{request.pk}/", "Notification.permission = sessionStorage.allowed;"
    )
    page.evaluate("sessionStorage.allowed = 'granted'")
    tell_me(page).click()

    page.goto(page.url.replace(f"/requests/{request.pk}/", bench(world)))
    expect(tell_me(page)).to_have_attribute("aria-pressed", "true")

    tell_me(page).click()
    page.reload()
    expect(tell_me(page)).to_have_attribute("aria-pressed", "false")


def test_who_said_no_reads_what_to_do(open_as, world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma)
    page = open_as(world.uma, f"/requests/{request.pk}/", "window.answer = 'denied';")

    tell_me(page).click()

    expect(page.locator("notify-done [data-denied]")).to_be_visible()
    expect(tell_me(page)).to_have_attribute("aria-pressed", "false")


def test_a_browser_that_cannot_says_so(open_as, world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma)
    page = open_as(world.uma, f"/requests/{request.pk}/", "delete window.Notification;")

    tell_me(page).click()

    expect(page.locator("notify-done [data-missing]")).to_be_visible()


def test_of_others_pictures_nothing_is_said(open_as, world) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma)

    page = open_as(world.rita, f"/requests/{request.pk}/")

    expect(page.locator("live-request")).to_be_visible()
    expect(page.locator("notify-done")).to_have_count(0)
