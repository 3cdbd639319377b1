"""The gallery of a project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import replace_url

from accounts.http import PortalRequest
from accounts.queries.projects import project_among, projects_of
from accounts.roles import Permission
from assets.queries.gallery import GallerySearch
from assets.search.language import Condition
from assets.types import ReviewStatus
from assets.views.asked import what_was_asked
from assets.views.selecting import powers_of
from assets.views.wall import wall_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: its words, the page that applies it, and whether it is applied."""

    label: str
    url: str
    current: bool = False


@require_GET
def gallery(request: PortalRequest, project_id: int) -> HttpResponse:
    """The wall of pictures; for htmx only what was found."""
    search = GallerySearch.from_query(request.GET)
    swaps = bool(request.htmx) and not request.htmx.history_restore_request
    request.projects = list(projects_of(request.access))  # the navigation shows them all anyway
    project = project_among(request.projects, project_id)
    request.project = project
    wall = wall_of(request, project, search)
    address = reverse("assets:gallery", kwargs={"project_id": project_id})
    context: dict[str, object] = {
        "project": project,
        "search": search,
        "wall": wall,
        "address": address,
        "statuses": _statuses(search, address),
        "has_pictures": bool(wall.cards) or search.is_filtered,
        **what_was_asked(request.access, project_id, search, address, is_found=bool(wall.cards)),
        "may_generate": request.access.allows(Permission.REQUEST_IMAGES, project_id),
        "may_import": request.access.allows(Permission.ORGANIZE_IMAGES, project_id),
        "may_organize": request.access.allows(Permission.ORGANIZE_IMAGES, project_id),
        "selection": powers_of(request.access, project_id),
    }
    response = render(request, "assets/_found.html" if swaps else "assets/gallery.html", context)
    if swaps:
        replace_url(response, _at(address, search))  # typing leaves one entry in the history
    # One address, two answers: the browser's cache must not show a part as a page.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _statuses(search: GallerySearch, address: str) -> list[Choice]:
    everything = search.asked.without_field("status")
    wanted = search.asked.on("status")
    choices = [Choice(_("All"), _at(address, replace(search, asked=everything)), not wanted)]
    for status in ReviewStatus:
        condition = Condition("status", (status.value,))
        found = replace(search, asked=everything.with_(condition))
        choices.append(Choice(str(status.label), _at(address, found), wanted == (condition,)))
    return choices


def _at(address: str, search: GallerySearch) -> str:
    query = search.query()
    return f"{address}?{query}" if query else address
