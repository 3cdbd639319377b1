"""How much room the pictures of a project take."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from assets.queries.storage_use import storage_by_person, storage_of


@require_GET
def storage(request: PortalRequest, project_id: int) -> HttpResponse:
    """Gallery and trash, from the counts that are kept."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.MANAGE_PROJECT, project_id)
    context = {
        "project": project,
        "use": storage_of(request.access, project_id),
        "may_see_people": True,
    }
    return render(request, "assets/storage.html", context)


@require_GET
def storage_people(request: PortalRequest, project_id: int) -> HttpResponse:
    """Whose pictures take how much; a part of that page, or the page with it."""
    project = project_for(request.access, project_id)
    request.project = project
    context = {
        "project": project,
        "people": storage_by_person(request.access, project),
        "use": storage_of(request.access, project_id),
        "may_see_people": False,  # they are shown already
    }
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    template = "assets/_storage_people.html" if is_part else "assets/storage.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
