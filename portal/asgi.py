"""The web process: pages by Django, live events by a bare ASGI function beside it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

from django.core.asgi import get_asgi_application

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

pages = get_asgi_application()

from portal.live import live_events  # noqa: E402  # needs Django to be set up


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer `/events/` without Django's request machinery, everything else with it."""
    if scope["type"] == "http" and scope["path"] == "/events/":
        await live_events(scope, receive, send)
    else:
        await pages(scope, receive, send)
