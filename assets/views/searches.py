"""Searches that somebody keeps: saved from the gallery, listed in its menu, changed on a page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import Access
from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import back, done
from assets.actions.searches import change_search, delete_search, save_search
from assets.forms.searches import SearchForm
from assets.models import SavedSearch, Tag
from assets.queries.searches import search_for, searches_of
from assets.search.language import Condition, Query


def address_of_search(project_id: int, query: str) -> str:
    """The gallery of a project, searched by a query of the search language."""
    gallery = reverse("assets:gallery", kwargs={"project_id": project_id})
    return f"{gallery}?{urlencode({'q': query})}" if query else gallery


def query_for_tag(tag: Tag) -> str:
    """The search for the pictures that have a tag."""
    return str(Query().with_(Condition("tag", (tag.name,))))


@require_GET
def search_menu(request: PortalRequest, project_id: int) -> HttpResponse:
    """The kept searches, as the inside of the gallery's menu; `q` is what is searched now."""
    project = project_for(request.access, project_id)
    searches = searches_of(request.access, project.pk)
    context = {
        "project": project,
        "query": request.GET.get("q", "")[:2000],
        "mine": [_row(search) for search in searches.mine],
        "shared": [_row(search) for search in searches.shared],
    }
    return render(request, "assets/_saved_searches_menu.html", context)


@require_http_methods(["GET", "POST"])
def searches(request: PortalRequest, project_id: int) -> HttpResponse:
    """Every kept search of a project, and a form for the next one (`q` fills it)."""
    project = project_for(request.access, project_id)
    request.project = project
    data = request.POST if request.method == "POST" else None
    query = request.GET.get("q", "")[:2000].replace("\0", "")
    form = SearchForm(data, access=request.access, project_id=project.pk, initial={"query": query})
    if form.is_valid():
        search = save_search(access=request.access, project=project, **form.cleaned_data)
        sentence = _("The search “%(search)s” is saved.") % {"search": search}
        return done(request, sentence, address_of_search(project.pk, search.query))
    found = searches_of(request.access, project.pk)
    context = {
        "project": project,
        "form": form,
        "mine": [_row(search) for search in found.mine],
        "shared": [_row(search) for search in found.shared],
        "may_share": request.access.allows(Permission.ORGANIZE_IMAGES, project.pk),
        "may_manage": request.access.allows(Permission.MANAGE_PROJECT, project.pk),
    }
    return render(request, "assets/searches.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def search_edit(request: PortalRequest, search_id: int) -> HttpResponse:
    """Change a kept search: one's own, or as a manager of the project a shared one."""
    search = search_for(request.access, search_id)
    request.project = search.project
    _require_change(request.access, search)
    data = request.POST if request.method == "POST" else None
    form = SearchForm(data, access=request.access, project_id=search.project_id, search=search)
    if form.is_valid():
        change_search(access=request.access, search=search, **form.cleaned_data)
        return done(
            request,
            _("The search “%(search)s” is saved.") % {"search": search},
            reverse("assets:searches", kwargs={"project_id": search.project_id}),
        )
    context = {
        "search": search,
        "project": search.project,
        "form": form,
        "may_share": request.access.allows(Permission.ORGANIZE_IMAGES, search.project_id),
    }
    return render(request, "assets/search_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
def search_pin(request: PortalRequest, search_id: int) -> HttpResponse:
    """Pin a search beside the collections, or take the pin out (`is_pinned` is 1 or 0)."""
    search = search_for(request.access, search_id)
    pinned = request.POST.get("is_pinned") == "1"
    change_search(access=request.access, search=search, is_pinned=pinned)
    return back(request, reverse("assets:searches", kwargs={"project_id": search.project_id}))


@require_POST
def search_delete(request: PortalRequest, search_id: int) -> HttpResponse:
    """Forget a search."""
    search = search_for(request.access, search_id)
    delete_search(access=request.access, search=search)
    return done(
        request,
        _("The search “%(search)s” is deleted.") % {"search": search},
        reverse("assets:searches", kwargs={"project_id": search.project_id}),
    )


def _require_change(access: Access, search: SavedSearch) -> None:
    if search.owner_id != access.user_id:
        access.require(Permission.MANAGE_PROJECT, search.project_id)


def _row(search: SavedSearch) -> tuple[SavedSearch, str]:
    return search, address_of_search(search.project_id, search.query)
