"""Live events: `/events/`, a stream of a person's own news, answered without Django's machinery.

A bare ASGI function, because a stream of Django's keeps a thread and a database connection for as
long as it is open. Who asks is decided once, by the session; a change of what they may do ends the
stream, and every stream ends after ten minutes, so that the question is asked again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest, parse_cookie

from accounts.live import tell
from portal.live_hub import Hub, Subscription

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

STREAM_SECONDS = 600.0
KEEP_ALIVE_SECONDS = 15.0
RETRY_MILLISECONDS = 3000
SUBSCRIBE_SECONDS = 2.0
"""How long a new stream waits for Redis, so that nothing is missed between page and stream."""

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would collect the events otherwise
    (b"x-content-type-options", b"nosniff"),
]


async def live_events(scope: Scope, receive: Receive, send: Send) -> None:
    """Stream the news of whoever is signed in: 401 for strangers, 403 for pages of other sites."""
    headers = _headers(scope)
    if scope["method"] != "GET":
        await _refuse(send, 405, b"Only GET.")
    elif _from_elsewhere(headers, scope.get("scheme", "http")):
        await _refuse(send, 403, b"Only pages of this site may listen.")
    elif (person_id := await _person_of(headers)) is None:
        await _refuse(send, 401, b"Sign in first.")
    else:
        await _stream(person_id, receive, send)


def end_streams() -> None:
    """End all streams of this process: it is about to stop."""
    Hub.end_all_streams()


def end_streams_of(*, user: Any, **_signal: Any) -> None:
    """End a person's streams; browsers that are still signed in come back (`user_logged_out`)."""
    if user is not None:
        tell(user.pk, {"type": "session"})


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        found[key] = f"{found[key]}; {text}" if key == "cookie" and key in found else text
    return found


def _from_elsewhere(headers: dict[str, str], scheme: str) -> bool:
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        return True
    own = {f"{scheme}://{headers.get('host')}", *settings.CSRF_TRUSTED_ORIGINS}
    return "origin" in headers and headers["origin"] not in own


async def _person_of(headers: dict[str, str]) -> int | None:
    key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    return await sync_to_async(_signed_in, thread_sensitive=False)(key) if key else None


def _signed_in(session_key: str) -> int | None:
    """Id of the active person of a session. Leaves no database connection behind."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    try:
        user = get_user(request)
        return user.pk if user.is_authenticated and user.is_active else None
    finally:
        connections.close_all()


async def _stream(person_id: int, receive: Receive, send: Send) -> None:
    hub = Hub.here()
    with hub.subscription(person_id) as news:
        await hub.heard(SUBSCRIBE_SECONDS)
        leaving = asyncio.create_task(_until_gone(receive, news))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _send(send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
            await _pass_on(news, send)
            await _send(send, b"", last=True)
        finally:
            leaving.cancel()


async def _pass_on(news: Subscription, send: Send) -> None:
    end = time.monotonic() + STREAM_SECONDS
    while (left := end - time.monotonic()) > 0:
        pieces = await news.next(min(KEEP_ALIVE_SECONDS, left))
        if pieces or not news.ended:
            await _send(send, frames(pieces) or b": still here\n\n")
        if news.ended:
            return


async def _until_gone(receive: Receive, news: Subscription) -> None:
    while (await receive())["type"] != "http.disconnect":
        connections.close_all()
    news.end()


def frames(pieces: Iterable[bytes]) -> bytes:
    """The pieces as server-sent events; a line break inside a piece must not end its event."""
    return b"".join(
        b"".join(b"data: " + line + b"\n" for line in piece.splitlines()) + b"\n"
        for piece in pieces
    )


async def _send(send: Send, body: bytes, *, last: bool = False) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": not last})


async def _refuse(send: Send, status: int, sentence: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await _send(send, sentence, last=True)
