"""The web process: pages by Django, live events by a bare ASGI function beside it."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

django.setup(set_prefix=False)


class PageHandler(ASGIHandler):
    """Django's handler with fewer changes of threads for each page.

    All our views and most of our middleware are synchronous. Loaded as asynchronous, a page goes
    from the loop to a thread, back for the innermost step, to the thread for the view, and all the
    way back; loaded as synchronous, it is made in one go.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Make the whole page in one thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


pages = PageHandler()

from portal.live import Receive, Scope, Send, live_events  # noqa: E402  # after Django's set-up


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer `/events/` without Django's request machinery, everything else with it."""
    if scope["type"] == "http" and scope["path"] == "/events/":
        await live_events(scope, receive, send)
    else:
        await pages(scope, receive, send)
