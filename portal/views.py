"""Pages of the site itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.queries.projects import organizations_of, project_for
from accounts.roles import Permission
from assets.views.cards import cards_of
from assets.views.collections import branches_of
from assets.views.operation_cards import cards_of as cards_of_operations
from assets.views.searches import address_of_search
from portal.dashboard import dashboard_of
from portal.health import health
from portal.overview import overview_of


@require_GET
def home(request: PortalRequest) -> HttpResponse:
    """Where a person arrives: their projects, what waits for them, what they made last."""
    access = request.access
    dashboard = dashboard_of(access)
    startable = [
        organization
        for organization in organizations_of(access)
        if access.allows_in_organization(Permission.CREATE_PROJECTS, organization.pk)
    ]
    return render(
        request,
        "portal/home.html",
        {
            "dashboard": dashboard,
            "tiles": [(tile, cards_of(tile.covers)) for tile in dashboard.tiles],
            "to_correct": [(image, cards_of([image])[0]) for image in dashboard.to_correct],
            "mine": cards_of(dashboard.mine),
            "starred": cards_of(dashboard.starred),
            "reused": cards_of(dashboard.reused),
            "searches": [
                (search, address_of_search(search.project_id, search.query))
                for search in dashboard.searches
            ],
            "operations": cards_of_operations(access, dashboard.operations),
            "startable": startable,
        },
    )


@require_GET
def project_home(request: PortalRequest, project_id: int) -> HttpResponse:
    """One project at a glance: what is new, what waits, what is good, what it weighs."""
    access = request.access
    project = project_for(access, project_id)
    request.project = project
    overview = overview_of(access, project)
    context = {
        "project": project,
        "overview": overview,
        "recent": cards_of(overview.recent),
        "best": cards_of(overview.best),
        "starred": cards_of(overview.starred),
        "reused": cards_of(overview.reused),
        "to_correct": cards_of(overview.to_correct),
        "branches": branches_of(list(overview.collections)),
        "operations": cards_of_operations(access, overview.operations),
        "use": overview.storage,
        "may_generate": access.allows(Permission.REQUEST_IMAGES, project.pk),
        "may_import": access.allows(Permission.ORGANIZE_IMAGES, project.pk),
        "may_see_people": access.allows(Permission.MANAGE_PROJECT, project.pk),
        "links": {
            "best": address_of_search(project.pk, "rating:>=1 sort:rating"),
            "starred": address_of_search(project.pk, "is:starred"),
            "reused": address_of_search(project.pk, "is:reused"),
            "unused": address_of_search(project.pk, "is:unused"),
            "to_correct": address_of_search(project.pk, "is:mine status:changes_requested"),
        },
    }
    return render(request, "portal/project_home.html", context)


@login_not_required
@never_cache
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the site is whole, for monitoring: 200, or 503 with what is missing."""
    state = health()
    return JsonResponse(state.as_json(), status=200 if state.whole else 503)
