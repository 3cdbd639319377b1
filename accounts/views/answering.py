"""How a page answers after something was done, with scripts and without."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event


def done(request: HttpRequest, sentence: str | Promise, to: str, **place: object) -> HttpResponse:
    """Go to a page (post, redirect, get) and say there what was done."""
    messages.success(request, str(sentence))
    return redirect(resolve_url(to, **place))


def say(response: HttpResponse, sentence: str | Promise) -> HttpResponse:
    """Let an htmx answer show a toast."""
    detail = {"text": str(sentence), "level": "success"}
    return trigger_client_event(response, "atelier:toast", detail)


def back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """Return to the form's `next` if that is a page of this site, else to the named one."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if safe else resolve_url(otherwise))
