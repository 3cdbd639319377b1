"""Deny by default: an API view that names no scope answers no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken
from accounts.roles import Scope

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module through the settings


class ScopeRequired(BasePermission):
    """Signed-in people pass; tokens need the view's `required_scopes` for the method.

    A view sets `required_scopes = {"GET": Scope.READ, "POST": Scope.GENERATE}`. What the person may
    do with which object is asked of `Access` in the action or query, as everywhere.
    """

    message: Promise | str = ""
    code = "scope_missing"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller may use this method of the view at all."""
        if not request.user.is_authenticated:
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        if not isinstance(request.auth, ApiToken):
            return True
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            return True  # and answered with 405, as to everybody
        scopes: dict[str, Scope] = getattr(view, "required_scopes", {})
        needed = scopes.get(method)
        if needed is not None and needed.value in request.auth.scopes:
            return True
        self.message = _no_token_may() if needed is None else _scope_is_missing(needed)
        return False


def _scope_is_missing(scope: Scope) -> str:
    return _("This token does not have the scope “%(scope)s”. Make one that has it.") % {
        "scope": scope.value
    }


def _no_token_may() -> str:
    return _("No token can do this. Sign in and do it yourself.")
