"""Deny by default: an API view that names no scope answers no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller may use this method of the view at all."""
        if not request.user.is_authenticated:
            return False
        if not isinstance(request.auth, ApiToken):
            return True
        scopes: dict[str, Scope] = getattr(view, "required_scopes", {})
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else request.method
        needed = scopes.get(method or "")
        return needed is not None and needed.value in request.auth.scopes
