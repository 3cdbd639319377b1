"""Work that waits, in a real browser: put off, edited, moved, started, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from generation.models import GenerationJob, GenerationRequest
from generation.types import JobLane, JobStatus
from tests.builders import World
from tests.generation.builders import ask_for, make_preview_model
from tests.generation.processes import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PASSWORD = "correct horse battery"
ARRIVES = 30_000  # milliseconds that a picture may take on a busy machine
Visit = Callable[[User], Page]


@pytest.fixture
def visit(browser: Browser, asgi_server: str) -> Visit:
    """`visit(person)` is a window in which the person has signed in by the form."""

    def visit(person: User) -> Page:
        page = browser.new_context(base_url=asgi_server, reduced_motion="reduce").new_page()
        page.faults = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.faults.append(str(error)))  # type: ignore[attr-defined]
        page.goto("/")
        page.fill("input[name=login]", person.email)
        page.fill("input[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        expect(page).to_have_url(re.compile(r"/$"))
        return page

    return visit


def rows(page: Page) -> list[str]:
    """The prompts of the rows that stand in the line, in their order."""
    return page.locator(".queue-row.is-queued .queue-words > a").all_inner_texts()


def test_scheduled_edited_started_and_all_cancelled(world: World, visit: Visit) -> None:
    make_preview_model()
    uma = visit(world.uma)
    evening = (timezone.now() + timedelta(days=1)).astimezone(ZoneInfo(world.lantern.time_zone))

    uma.goto(f"/projects/{world.pets.pk}/generate/")
    uma.fill("textarea[name=prompt]", "A lighthouse in the fog")
    expect(uma.locator("input[name=start_at]")).to_be_hidden()
    uma.get_by_text("At a time", exact=True).click()
    uma.fill("input[name=start_at]", evening.strftime("%Y-%m-%dT%H:%M"))
    uma.keyboard.press("Control+Enter")
    expect(uma.locator(".job.is-scheduled")).to_contain_text(f"Starts tomorrow at {evening:%H:%M}")

    uma.goto("/queue/")
    row = uma.locator(".queue-row.is-scheduled")
    expect(row).to_contain_text(f"Starts tomorrow at {evening:%H:%M}")
    row.locator("details.menu summary").click()
    row.locator("[data-key=edit]").click()
    uma.fill("textarea[name=prompt]", "A lighthouse in the sun")
    uma.locator("input[name=count][value='2']").check(force=True)
    uma.keyboard.press("Control+Enter")
    expect(uma).to_have_url(re.compile(r"/queue/$"))
    expect(row).to_contain_text("A lighthouse in the sun")
    expect(row).to_contain_text("2 pictures")

    row.get_by_text("Start now").click()
    expect(uma.locator(".queue-row.is-queued")).to_have_count(1)
    expect(uma.locator(".queue-row.is-scheduled")).to_have_count(0)
    request = GenerationRequest.objects.get()
    assert set(request.jobs.values_list("status", flat=True)) == {JobStatus.QUEUED}

    uma.get_by_text("Cancel all mine").click()
    uma.get_by_role("button", name="Cancel them").click()
    expect(uma.locator(".toast")).to_contain_text("2 pictures cancelled.")
    expect(uma.get_by_text("Nothing of yours is waiting")).to_be_visible()
    assert set(request.jobs.values_list("status", flat=True)) == {JobStatus.CANCELLED}
    assert uma.faults == []  # type: ignore[attr-defined]


def test_rows_are_moved_with_mouse_and_keyboard_and_made_in_that_order(
    world: World, visit: Visit
) -> None:
    for prompt in ("Alpha", "Beta", "Gamma"):
        ask_for(world.pets, world.uma, prompt=prompt)
    uma = visit(world.uma)
    uma.goto("/queue/")
    assert rows(uma) == ["Alpha", "Beta", "Gamma"]

    uma.locator(".queue-row", has_text="Beta").get_by_label("Move up").click()
    expect(uma.locator(".queue-row.is-queued").first).to_contain_text("Beta")
    uma.locator(".queue-row", has_text="Gamma").locator("a").first.focus()
    uma.keyboard.press("Alt+ArrowUp")
    expect(uma.locator(".queue-row.is-queued").nth(1)).to_contain_text("Gamma")
    uma.keyboard.press("f")
    expect(uma.locator(".queue-row.is-queued").first).to_contain_text("Gamma")
    expect(uma.locator(".queue-row", has_text="Gamma").locator("a").first).to_be_focused()
    uma.keyboard.press("ArrowDown")
    expect(uma.locator(".queue-row", has_text="Beta").locator("a").first).to_be_focused()
    uma.keyboard.press("Delete")
    expect(uma.locator(".queue-row")).to_have_count(2)

    menu = uma.locator(".queue-row", has_text="Alpha").locator("details.menu")
    menu.locator("summary").click()
    ask_for(world.pets, world.rita)  # others come: the page follows, the menu stays open
    expect(uma.locator(".queue-line")).to_contain_text("Somebody else", timeout=ARRIVES)
    expect(menu).to_have_attribute("open", "")
    menu.get_by_text("No hurry").click()
    words = uma.locator(".queue-row", has_text="Alpha").locator(".queue-words")
    expect(words).to_contain_text("No hurry")
    assert GenerationJob.objects.get(request__prompt="Alpha").lane == JobLane.BACKGROUND

    with running("gpu_worker"):
        expect(uma.get_by_text("Nothing of yours is waiting")).to_be_visible(timeout=ARRIVES)
    made = GenerationJob.objects.filter(created_by=world.uma, status=JobStatus.SUCCEEDED)
    assert list(made.order_by("started_at").values_list("request__prompt", flat=True)) == [
        "Gamma",
        "Alpha",
    ]
    assert uma.faults == []  # type: ignore[attr-defined]


def test_an_admin_selects_several_while_the_list_moves(world: World, visit: Visit) -> None:
    for person in (world.uma, world.rita, world.paul):
        ask_for(world.pets, person, prompt=f"Words of {person}")
    ada = visit(world.ada)
    ada.goto(f"/organizations/{world.lantern.slug}/queue/")
    urgent = ada.get_by_role("button", name="Give priority")
    expect(urgent).to_be_disabled()
    ada.get_by_label("Select this picture of Rita").check()
    ada.get_by_label("Select this picture of Paul").check()
    expect(ada.locator("[data-selected]")).to_have_text("2 selected")

    ask_for(world.pets, world.uma, prompt="One more")
    expect(ada.get_by_text("One more")).to_be_visible(timeout=ARRIVES)
    expect(ada.get_by_label("Select this picture of Rita")).to_be_checked()
    ada.locator("select[name=priority]").select_option("urgent")
    urgent.click()

    expect(ada.locator(".toast")).to_contain_text("2 pictures changed.")
    assert GenerationJob.objects.filter(priority=1).count() == 2
    assert ada.faults == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_pages_of_the_queue_have_no_accessibility_faults(
    world: World, visit: Visit, theme: str
) -> None:
    User.objects.update(theme=theme)
    ask_for(world.pets, world.ada, prompt="Two pictures", count=2)
    waiting = ask_for(world.pets, world.ada, prompt="An idle one", lane=JobLane.IDLE)
    waiting.jobs.update(priority=1)
    later = timezone.now() + timedelta(hours=2)
    ask_for(world.pets, world.ada, prompt="A later one", start_at=later)
    ask_for(world.pets, world.rita)
    page = visit(world.ada)
    faults = {}
    for path in (
        "/queue/",
        f"/organizations/{world.lantern.slug}/queue/",
        f"/organizations/{world.lantern.slug}/queue/?status=failed",
        f"/requests/{waiting.pk}/",
        f"/requests/{waiting.pk}/edit/",
        f"/requests/{waiting.pk}/start/",
        f"/projects/{world.pets.pk}/generate/",
    ):
        page.goto(path)
        for menu in page.locator("main details.menu summary").all()[:1]:
            menu.click()
        results = Axe().run(page)
        if results.violations_count:
            faults[path] = results.generate_report()

    assert faults == {}
