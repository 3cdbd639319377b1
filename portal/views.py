"""Pages of the site itself."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.queries.projects import organizations_of
from accounts.roles import Permission
from assets.views.cards import cards_of
from portal.dashboard import dashboard_of
from portal.health import health


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
            "startable": startable,
        },
    )


@login_not_required
@never_cache
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Whether the site is whole, for monitoring: 200, or 503 with what is missing."""
    state = health()
    return JsonResponse(state.as_json(), status=200 if state.whole else 503)
