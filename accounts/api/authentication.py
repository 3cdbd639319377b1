"""Who calls the API: a person's session, or a program with a token."""

from __future__ import annotations

from typing import Any

import structlog
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.access import Access, Actor
from accounts.actions.tokens import note_use
from accounts.grants import access_for
from accounts.middleware import client_ip
from accounts.models import ApiToken, User
from accounts.queries.tokens import live_token
from accounts.roles import SCOPE_PERMISSIONS, Permission, Scope

# Every token finds the thing that it acts on; whether it may read lists and records besides is the
# scope that the views ask for.
FINDING: frozenset[Permission] = SCOPE_PERMISSIONS[Scope.READ]


class PersonSessionAuthentication(SessionAuthentication):
    """The browser's session, with Django's CSRF check on writes."""


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`; sets `request.access` to what token and owner both allow."""

    keyword = "bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The owner and the token; `None` when the request carries no bearer token."""
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != self.keyword:
            return None
        token = live_token(secret.strip())
        if token is None:
            raise AuthenticationFailed(
                _("This token is unknown, expired or revoked. Make a new one in your profile.")
            )
        django_request = request._request
        access = token_access(token, django_request)
        note_use(access=access, token=token)
        # Ends with the middleware's own binding of `user_id`, which knew the session only.
        structlog.contextvars.bind_contextvars(user_id=token.user_id)
        django_request.access = access  # type: ignore[attr-defined]
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"


def token_access(token: ApiToken, request: Any) -> Access:
    """The owner's access in the token's organization, cut down to the token's scopes."""
    actor = Actor(
        label=str(token.user),
        user_id=token.user_id,
        token_prefix=token.prefix,
        ip=client_ip(request),
        request_id=getattr(request.access.actor, "request_id", ""),
    )
    granted = (SCOPE_PERMISSIONS[Scope(scope)] for scope in token.scopes)
    allowed = FINDING.union(*granted)
    access = access_for(token.user, actor, organization_id=token.organization_id)
    return access.limited_to(allowed)
