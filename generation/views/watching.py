"""Watching requests: one with its pictures as they come, and the list of a project."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from generation.queries.requests import (
    Cursor,
    RequestPage,
    request_for,
    requests_page,
    totals_of,
)
from generation.views.showing import card_of, cards_of

EVERYBODY = "everybody"


@never_cache
@require_GET
def request_page(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """One request: its words, its settings, its pictures as they land."""
    found = request_for(request.access, request_id)
    request.project = found.project
    return render(
        request,
        "generation/request.html",
        {
            "project": found.project,
            "card": card_of(request.access, found),
            "may_request": request.access.allows(Permission.REQUEST_IMAGES, found.project_id),
        },
    )


@never_cache
@require_GET
def request_progress(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """The moving part of a request, for those who watch; `as=row` is its row of the list."""
    card = card_of(request.access, request_for(request.access, request_id))
    as_row = request.GET.get("as") == "row"
    template = "generation/_request_row.html" if as_row else "generation/_progress.html"
    return render(request, template, {"card": card})


@require_GET
def requests(request: PortalRequest, project_id: int) -> HttpResponse:
    """The requests of a project, newest first: one's own, or everybody's."""
    project = project_for(request.access, project_id)
    request.project = project
    whose = EVERYBODY if request.GET.get("whose") == EVERYBODY else ""
    cursor = Cursor.parse(request.GET.get("cursor", ""))
    page = requests_page(
        request.access,
        project.pk,
        person_id=None if whose else request.user.pk,
        cursor=cursor,
    )
    is_part = bool(request.htmx) and cursor is not None
    return render(
        request,
        "generation/_request_rows.html" if is_part else "generation/requests.html",
        {
            "project": project,
            "cards": cards_of(request.access, page.requests),
            "next_url": _next(project.pk, whose, page),
            "whose": whose,
            "is_beginning": cursor is None,
            "totals": None if is_part else totals_of(request.access, project.pk),
            "may_request": request.access.allows(Permission.REQUEST_IMAGES, project.pk),
        },
    )


@never_cache
@require_GET
def totals(request: PortalRequest, project_id: int) -> HttpResponse:
    """How many pictures of the project run and wait, for those who watch."""
    project = project_for(request.access, project_id)
    context = {"project": project, "totals": totals_of(request.access, project.pk)}
    return render(request, "generation/_totals.html", context)


def _next(project_id: int, whose: str, page: RequestPage) -> str:
    if page.cursor is None:
        return ""
    address = reverse("generation:requests", kwargs={"project_id": project_id})
    query = {"whose": whose, "cursor": str(page.cursor)}
    return f"{address}?{urlencode({name: value for name, value in query.items() if value})}"
