"""The web process: pages by Django, live events by a bare ASGI function beside it."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from portal.live import Receive, Scope, Send, live_events  # noqa: E402  # after Django's set-up


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer `/events/` without Django's request machinery, everything else with it."""
    if scope["type"] == "http" and scope["path"] == "/events/":
        await live_events(scope, receive, send)
    else:
        await pages(scope, receive, send)
