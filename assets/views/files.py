"""The archive's files, as pages show and offer them; `assets.delivery` checks who may."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.http import PortalRequest
from assets.delivery import deliver_original, deliver_rendition


@require_safe
def file(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The original; with `?download=1` as a file to keep, under its archive name."""
    return deliver_original(request, request.access, uid, download="download" in request.GET)


@require_safe
def rendition(request: PortalRequest, uid: UUID, kind: str) -> HttpResponseBase:
    """A smaller file for the screen."""
    return deliver_rendition(request, request.access, uid, kind)
