"""The gallery of a project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import push_url

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from assets.queries.gallery import Facets, GallerySearch, facets_of
from assets.types import ReviewStatus
from assets.views.cards import cards_of
from assets.views.selecting import powers_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter: its words, the page that applies it, and whether it is applied."""

    label: str
    url: str
    current: bool = False


@require_GET
def gallery(request: PortalRequest, project_id: int) -> HttpResponse:
    """The wall of pictures; for htmx only what was found, or only the next part of the wall."""
    search = GallerySearch.from_query(request.GET)
    swaps = bool(request.htmx) and not request.htmx.history_restore_request
    project = project_for(request.access, project_id)
    request.project = project
    page = search.page(request.access, project_id)
    address = reverse("assets:gallery", kwargs={"project_id": project_id})
    context: dict[str, object] = {
        "project": project,
        "search": search,
        "cards": cards_of(page.images, search.query()),
        "next_url": f"{address}?{search.query(cursor=page.cursor)}" if page.cursor else "",
    }
    if swaps and search.cursor is not None:
        response = render(request, "components/picture_wall_chunk.html", context)
    else:
        facets = facets_of(request.access, project_id)
        context |= {
            "address": address,
            "facets": facets,
            "statuses": _statuses(search, address),
            "has_pictures": bool(page.images) or search.is_filtered,
            "chips": _chips(search, facets, address),
            "may_generate": request.access.allows(Permission.REQUEST_IMAGES, project_id),
            "selection": powers_of(request.access, project_id),
        }
        template = "assets/_found.html" if swaps else "assets/gallery.html"
        response = render(request, template, context)
        if swaps:
            push_url(response, _at(address, search))  # without the form's empty fields
    # One address, two answers: the browser's cache must not show a part as a page.
    patch_vary_headers(response, ["HX-Request"])
    return response


def _statuses(search: GallerySearch, address: str) -> list[Choice]:
    everything = search.without("status")
    choices = [Choice(_("All"), _at(address, everything), search.status is None)]
    for status in ReviewStatus:
        wanted = replace(everything, status=status)
        choices.append(Choice(str(status.label), _at(address, wanted), search.status is status))
    return choices


def _chips(search: GallerySearch, facets: Facets, address: str) -> list[Choice]:
    """What is looked for, in words; each chip leads to the same search without itself."""
    people = {person.pk: str(person) for person in facets.people}
    words = {
        "text": _("“%(text)s”") % {"text": search.text} if search.text else "",
        "status": str(search.status.label) if search.status else "",
        "person": _("By %(person)s") % {"person": people.get(search.person, _("nobody here"))}
        if search.person is not None
        else "",
        "model": search.model,
    }
    return [
        Choice(label, _at(address, search.without(name))) for name, label in words.items() if label
    ]


def _at(address: str, search: GallerySearch) -> str:
    query = search.query()
    return f"{address}?{query}" if query else address
