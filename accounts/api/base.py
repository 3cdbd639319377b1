"""What every view of the API is, and how it reads what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from accounts.api.fields import Input
from accounts.roles import Scope


class ApiView(APIView):
    """One address. `required_scopes` names for each method what a token must be made for.

    A view reads with `read_body` or `read_query`, calls one action or query, and answers with a
    serializer. Refusals are left to `portal.errors.api_exception_handler`.
    """

    required_scopes: ClassVar[Mapping[str, Scope]] = {}

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Keep answers out of caches, unless the view knows better."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        """Say how to sign in when nobody has, else why not."""
        if request.authenticators and not request.successful_authenticator:
            raise exceptions.NotAuthenticated(
                _("Sign in, or send a token in the header “Authorization: Bearer …”.")
            )
        raise exceptions.PermissionDenied(detail=message, code=code)

    def throttled(self, request: Request, wait: float | None) -> NoReturn:
        """Say how long to wait; the header `Retry-After` says it too."""
        seconds = max(1, round(wait or 1))
        sentence = _("Too many calls. Try again in %(seconds)d seconds.") % {"seconds": seconds}
        refusal = exceptions.Throttled(detail=sentence)
        refusal.wait = seconds  # type: ignore[attr-defined]  # the stubs forget it
        raise refusal


def read_body(request: Request, shape: type[Input]) -> dict[str, Any]:
    """The checked body; a fault becomes a 400 that names the field."""
    return _read(shape(data=request.data))


def read_query(request: Request, shape: type[Input]) -> dict[str, Any]:
    """The checked query string; a fault becomes a 400 that names the parameter."""
    return _read(shape(data=request.query_params.dict()))


def _read(form: Serializer[Any]) -> dict[str, Any]:
    form.is_valid(raise_exception=True)
    values: dict[str, Any] = form.validated_data
    return values
