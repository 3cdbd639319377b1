"""How refusals reach people and programs: an error page, a sentence for htmx, or JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from rest_framework import exceptions as rest
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.errors import DomainError

GetResponse = Callable[[HttpRequest], HttpResponse]


class DomainErrorMiddleware:
    """Turns a `DomainError` raised by a view into the page that explains it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give a bare "method not allowed" its page; refusals go to `process_exception`."""
        response = self.get_response(request)
        is_bare = isinstance(response, HttpResponseNotAllowed) and not response.content
        if not is_bare or is_api(request):
            return response
        page = error_response(request, 405, sentence="")
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave real faults to Django."""
        if isinstance(exception, DomainError):
            return error_response(request, exception.http_status, exception.sentence)
        return None


def error_response(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """The error page of a status, or for htmx the bare sentence (it is shown as a toast)."""
    if request.headers.get("HX-Request"):
        return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    template = f"errors/{status if status in PAGES else 400}.html"
    return render(request, template, {"status": status, "sentence": sentence}, status=status)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks: it is answered in JSON, and never by a page."""
    return request.path.startswith("/api/")


PAGES = frozenset({400, 403, 404, 405, 409, 429, 500})


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 400."""
    return error_response(request, 400, _("The address or the data sent cannot be understood."))


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 403."""
    return error_response(
        request, 403, _("Your role does not allow this. Ask an admin of the organization.")
    )


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Handler of 404."""
    return error_response(request, 404, _("There is nothing here, or it is not shared with you."))


@never_cache
def server_error(request: HttpRequest) -> HttpResponse:
    """Handler of 500: needs no database and no context."""
    if is_api(request):
        sentence = _("Something went wrong here, and it was written down. Try again later.")
        return JsonResponse(_body([_fault("internal", "", sentence)]), status=500)
    return render(request, "errors/500.html", status=500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from another site."""
    return render(request, "errors/csrf.html", {"status": 403}, status=403)


def api_exception_handler(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API as `{"code", "field", "sentence", "errors"}`.

    `errors` lists each fault of a form-like input; the first one is repeated at the top.
    """
    if isinstance(exception, Http404):
        exception = rest.NotFound(_("There is nothing here, or it is not shared with you."))
    elif isinstance(exception, PermissionDenied):
        exception = rest.PermissionDenied()
    if isinstance(exception, DomainError):
        set_rollback()
        status = 400 if exception.http_status == 422 else exception.http_status
        return _json(status, [_fault(exception.code, exception.field, exception.sentence)])
    if isinstance(exception, rest.APIException):
        set_rollback()
        response = _json(exception.status_code, list(_faults(exception.get_full_details())))
        for header, value in _headers(exception).items():
            response[header] = value
        return response
    return None


def _headers(exception: rest.APIException) -> dict[str, str]:
    headers = {}
    if auth_header := getattr(exception, "auth_header", None):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(exception, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _faults(details: Any, field: str = "") -> list[dict[str, str]]:
    if isinstance(details, dict) and {"message", "code"} <= details.keys():
        return [_fault(str(details["code"]), field, str(details["message"]))]
    if isinstance(details, dict):
        items = cast("dict[str, Any]", details).items()
        return [
            fault
            for key, value in items
            for fault in _faults(value, field if key == "non_field_errors" else _join(field, key))
        ]
    return [fault for value in details for fault in _faults(value, field)]


def _join(parent: str, key: str) -> str:
    return f"{parent}.{key}" if parent else key


def _fault(code: str, field: str, sentence: str) -> dict[str, str]:
    return {"code": code, "field": field, "sentence": sentence}


def _json(status: int, faults: list[dict[str, str]]) -> Response:
    return Response(_body(faults), status=status)


def _body(faults: list[dict[str, str]]) -> dict[str, Any]:
    first = faults[0] if faults else _fault("error", "", "")
    return {**first, "errors": faults}
