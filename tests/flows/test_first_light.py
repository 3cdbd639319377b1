"""From a typed prompt to an approved picture, in a real browser, with a real worker."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from assets.models import Image
from assets.types import ReviewStatus
from tests.builders import World
from tests.generation.builders import make_preview_model
from tests.generation.processes import running

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PASSWORD = "correct horse battery"
ARRIVES = 30_000  # milliseconds that a picture may take on a busy machine
WORDS = {
    "en": {"title": "Gallery", "approved": "Approved"},
    "zh-hans": {"title": "图库", "approved": "已通过"},
}
REQUEST_PAGE = re.compile(r"/requests/[0-9a-f-]{36}/$")
REQUEST_LINK = "main a[href^='/requests/']"
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


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_prompt_becomes_an_approved_picture(world: World, visit: Visit, language: str) -> None:
    User.objects.update(language=language)
    make_preview_model()

    with running("gpu_worker", ATELIER_PREVIEW_STEP_SECONDS="0.1"):
        uma = visit(world.uma)
        expect(uma.locator("html")).to_have_attribute("lang", language)
        uma.goto(f"/projects/{world.pets.pk}/generate/")
        uma.fill("textarea[name=prompt]", "一只金毛犬，坐在草地上")
        uma.fill("textarea[name=negative_prompt]", "低质量，模糊")
        uma.locator("input[name=count][value='2']").check(force=True)
        uma.keyboard.press("Control+Enter")

        expect(uma.locator("progress").first).to_be_visible(timeout=ARRIVES)
        expect(uma.locator(".job.is-succeeded img")).to_have_count(2, timeout=ARRIVES)

    uma.locator(REQUEST_LINK).first.click()
    expect(uma).to_have_url(REQUEST_PAGE)
    uma.locator(".job.is-succeeded form[action$='/submit/'] button").first.click()
    expect(uma.locator(".job.is-succeeded form[action$='/submit/']")).to_have_count(1)
    image = Image.objects.get(review_status=ReviewStatus.PENDING)

    rita = visit(world.rita)
    rita.goto(f"/projects/{world.pets.pk}/review/")
    rita.keyboard.press("a")
    expect(rita.locator(".empty")).to_be_visible()
    rita.goto(f"/images/{image.uid}/")
    expect(rita.get_by_text(WORDS[language]["approved"]).first).to_be_visible()
    expect(rita.get_by_text(re.compile(r"宠物主题_\d{8}_0001\.png")).first).to_be_visible()

    mallory = visit(world.mallory)
    for path in (f"/images/{image.uid}/", f"/images/{image.uid}/file/", "/projects/1/"):
        response = mallory.goto(path)
        assert response is not None
        assert response.status == 404, path

    image.refresh_from_db()
    assert image.review_status == ReviewStatus.APPROVED
    assert [page.faults for page in (uma, rita, mallory)] == [[], [], []]  # type: ignore[attr-defined]


def test_request_page_survives_a_reload_and_a_cancel(world: World, visit: Visit) -> None:
    make_preview_model()
    uma = visit(world.uma)
    uma.goto(f"/projects/{world.pets.pk}/generate/")
    uma.fill("textarea[name=prompt]", "A quiet lake at dawn")
    uma.keyboard.press("Control+Enter")
    uma.locator(REQUEST_LINK).first.click()
    expect(uma).to_have_url(REQUEST_PAGE)
    expect(uma.locator(".job.is-queued")).to_have_count(1)

    uma.reload()
    uma.locator("form[action$='/cancel/'] button").click()

    expect(uma.locator(".job.is-cancelled")).to_have_count(1)
    uma.locator("form[action$='/retry/'] button").click()
    expect(uma.locator(".job.is-queued")).to_have_count(1)
    with running("gpu_worker"):
        expect(uma.locator(".job.is-succeeded img")).to_have_count(1, timeout=ARRIVES)


def test_removed_member_loses_the_open_page(world: World, visit: Visit) -> None:
    uma, ada = visit(world.uma), visit(world.ada)
    uma.goto(f"/projects/{world.pets.pk}/")
    expect(uma.locator("h1")).to_have_text(WORDS["en"]["title"])

    ada.goto(f"/organizations/{world.lantern.slug}/members/")
    row = ada.locator("tr", has_text=world.uma.email)
    row.locator("button", has_text="Deactivate").first.click()
    ada.locator("dialog[open] button.danger, dialog[open] button.primary").first.click()
    expect(ada.locator("tr", has_text=world.uma.email)).to_contain_text("Deactivated")

    response = uma.goto(f"/projects/{world.pets.pk}/")
    assert response is not None
    assert response.status == 404


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_main_pages_have_no_accessibility_faults(world: World, visit: Visit, theme: str) -> None:
    User.objects.update(theme=theme)
    make_preview_model()
    page = visit(world.ada)
    faults = {}
    for path in (
        "/",
        f"/projects/{world.pets.pk}/",
        f"/projects/{world.pets.pk}/generate/",
        f"/projects/{world.pets.pk}/requests/",
        f"/projects/{world.pets.pk}/review/",
        f"/projects/{world.pets.pk}/settings/",
        f"/projects/{world.pets.pk}/policy/",
        f"/organizations/{world.lantern.slug}/members/",
        f"/organizations/{world.lantern.slug}/templates/",
        f"/organizations/{world.lantern.slug}/policy/",
        f"/organizations/{world.lantern.slug}/audit/",
        "/profile/",
        "/profile/tokens/",
    ):
        page.goto(path)
        results = Axe().run(page)
        if results.violations_count:
            faults[path] = results.generate_report()

    assert faults == {}


def test_limits_that_ada_sets_stand_on_umas_form(world: World, visit: Visit) -> None:
    make_preview_model()
    ada, uma = visit(world.ada), visit(world.uma)
    ada.goto(f"/organizations/{world.lantern.slug}/policy/")
    ada.fill("[name=hours_0]", "whenever")
    ada.fill("[name=person_images_per_day]", "40")

    ada.click("#office-hours")
    expect(ada.locator("[name=hours_0]")).to_have_value("09:00-18:00")
    expect(ada.locator("[name=hours_rule][value=keep]")).to_be_checked()
    expect(ada.locator("[name=person_images_per_day]")).to_have_value("40")
    ada.fill("[name=hours_6]", "noon")
    ada.click(".limits-actions button")
    expect(ada.locator("[name=hours_6]")).to_be_focused()
    expect(ada.locator(".errorlist")).to_contain_text("“noon” is not a span of hours.")
    ada.fill("[name=hours_6]", "")
    ada.click(".limits-actions button")
    expect(ada.locator(".toast")).to_contain_text("The limits are saved.")

    uma.goto(f"/projects/{world.pets.pk}/generate/")
    expect(uma.locator(".ask-usage")).to_contain_text("0 of 40 pictures today; anew at 00:00")
    ada.click("button[commandfor=reset]")
    ada.click("dialog[open] button.primary")
    expect(ada.locator(".toast")).to_contain_text("The usual limits hold again.")
    uma.reload()
    expect(uma.locator(".ask-usage")).to_have_count(0)
    assert ada.faults == uma.faults == []  # type: ignore[attr-defined]
