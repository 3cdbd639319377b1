"""The live connection as a page in Chromium has it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Page, expect

from accounts.live import tell_access_changed
from assets.types import Decision
from tests.assets.builders import decide, make_pending


@pytest.fixture
def signed_in(page: Page, client_for, world, asgi_server: str) -> Page:
    """Uma's browser on her home page; every complaint of the browser fails the test."""
    session = client_for(world.uma).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}]
    )
    return page


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser found wrong, the content security policy included."""
    found: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            found.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def test_page_is_connected_and_reloads_when_access_changes(
    signed_in: Page, complaints: list[str], asgi_server: str, world
) -> None:
    signed_in.goto(asgi_server)
    expect(signed_in.locator("html")).to_have_attribute("data-live", "online")

    with signed_in.expect_navigation():
        tell_access_changed(world.uma.pk)

    expect(signed_in.locator("html")).to_have_attribute("data-live", "online")
    assert complaints == []


def test_maker_hears_of_a_decision_and_goes_to_the_picture(
    signed_in: Page, complaints: list[str], asgi_server: str, world
) -> None:
    image = make_pending(world.pets, world.uma)
    signed_in.goto(asgi_server)
    expect(signed_in.locator("html")).to_have_attribute("data-live", "online")

    decide(image, world.rita, Decision.APPROVE)

    toast = signed_in.locator(".toast")
    expect(toast).to_contain_text("Your picture was approved.")
    toast.get_by_role("link", name="Show the picture").click()
    expect(signed_in).to_have_url(f"{asgi_server}/images/{image.uid}/")
    assert complaints == []


def test_who_makes_a_project_arrives_in_it_although_their_access_changed(
    page: Page, client_for, asgi_server: str, world
) -> None:
    session = client_for(world.ada).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}]
    )
    page.goto(f"{asgi_server}/organizations/{world.pets.organization.slug}/projects/new/")
    expect(page.locator("html")).to_have_attribute("data-live", "online")

    page.get_by_label("Name").fill("Autumn")
    page.get_by_role("button", name="Create the project").click()

    expect(page).to_have_url(re.compile(r"/projects/\d+/$"))
    expect(page.locator(".toast")).to_contain_text("Autumn")


def test_strangers_page_opens_no_stream(page: Page, asgi_server: str, world: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(asgi_server)

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert not [url for url in asked if "/events/" in url]
