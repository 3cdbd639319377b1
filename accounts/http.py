"""The request as the views of this project know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.access import Access
    from accounts.models import User


class PortalRequest(HttpRequest):
    """A request of a signed-in person: `access` answers "may I?", `htmx` says who asks for what."""

    user: User
    access: Access
    htmx: HtmxDetails
