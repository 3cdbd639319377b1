"""The live connection as a page in Chromium has it."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Page, expect

from accounts.live import tell_access_changed


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


def test_strangers_page_opens_no_stream(page: Page, asgi_server: str, world: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(asgi_server)

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert not [url for url in asked if "/events/" in url]
