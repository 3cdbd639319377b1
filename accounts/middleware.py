"""What every request of a person gets: their language, and what they may do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace

import structlog
from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.access import Access, Actor
from accounts.grants import access_for
from accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Speaks the language that the person chose; strangers get their browser's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the person's language for this request."""
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class AccessMiddleware:
    """Sets `request.access`, built once per request, and names the request in every log line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `access` and `request_id` in place."""
        request_id = uuid.uuid4().hex
        request.access = self._access(request, request_id)  # type: ignore[attr-defined]  # PortalRequest
        with structlog.contextvars.bound_contextvars(
            request_id=request_id, user_id=request.user.pk
        ):
            response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # What one person sees is for no proxy between to keep for the next.
            response["Cache-Control"] = "private"
        return response

    def _access(self, request: HttpRequest, request_id: str) -> Access:
        user = request.user
        actor = Actor(label="anonymous", ip=client_ip(request), request_id=request_id)
        if not isinstance(user, User):
            return Access(actor=actor)
        return access_for(user, replace(actor, label=str(user), user_id=user.pk))


def client_ip(request: HttpRequest) -> str | None:
    """The client's address, believing as many proxies as the settings allow."""
    address: str | None = get_adapter().get_client_ip(request)
    return address or None
