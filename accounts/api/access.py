"""What the caller of an API view may do, whichever way they signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.access import Access

if TYPE_CHECKING:
    from rest_framework.request import Request


def access_of(request: Request) -> Access:
    """The access of the token that was sent, else of the session.

    REST framework authenticates when a view first asks who is there, long after the middleware
    has set the session's access; asking here first makes sure that the token's has replaced it.
    """
    request.user  # noqa: B018  # authenticates, unless that is done already
    access: Access = request._request.access  # type: ignore[attr-defined]  # PortalRequest
    return access
