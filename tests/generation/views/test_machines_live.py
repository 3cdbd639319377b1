"""The page of the workers as Chromium has it: it follows, and its buttons do not leave it."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from generation.actions.workers import register_worker
from generation.models import Worker, WorkerSlot
from generation.types import WorkerState
from tests.builders import make_operator
from tests.generation.builders import SYSTEM


@pytest.mark.slow
def test_page_follows_and_buttons_do_not_leave_it(page: Page, client_for, asgi_server: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    session = client_for(make_operator()).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": asgi_server}]
    )
    settings.WORKER_LOST_AFTER_SECONDS, before = 3600, settings.WORKER_LOST_AFTER_SECONDS
    try:
        register_worker(access=SYSTEM, slot="render-1", engines=["preview"])
        page.goto(f"{asgi_server}/site/workers/")
        card = page.get_by_role("article", name="render-1")

        card.get_by_role("button", name="Pause").click()

        expect(card.get_by_text("Paused")).to_be_visible()
        expect(page.locator(".toast")).to_contain_text("render-1 takes no more pictures")
        assert WorkerSlot.objects.get().state == WorkerState.PAUSED
        # What comes back goes on asking, and its buttons still work.
        Worker.objects.update(device="NVIDIA H100")
        expect(card.get_by_text("NVIDIA H100")).to_be_visible(timeout=15_000)
        card.get_by_role("button", name="Resume").click()
        expect(card.get_by_text("Ready")).to_be_visible()
        assert complaints == []
    finally:
        settings.WORKER_LOST_AFTER_SECONDS = before
