"""How many calls a person may make in a minute, with all their tokens together.

Reads are counted in the memory of each web process, because a write to the database for every read
would cost more than the read; a site with two processes therefore allows up to twice the rate.
Writes are counted in the shared cache, exactly. Neither needs Redis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module through the settings

_memory: Any = ConnectionProxy(caches, "memory")


class ReadThrottle(UserRateThrottle):
    """The rate `read` for GET and HEAD."""

    scope = "read"
    cache = _memory

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this call is within the rate; writes are none of its business."""
        return request.method not in SAFE_METHODS or super().allow_request(request, view)


class WriteThrottle(UserRateThrottle):
    """The rate `write` for everything that changes something."""

    scope = "write"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether this call is within the rate; reads are none of its business."""
        return request.method in SAFE_METHODS or super().allow_request(request, view)


class VisitorThrottle(AnonRateThrottle):
    """The rate `visitor` of an address, for what is answered without a sign-in."""

    scope = "visitor"
    cache = _memory
