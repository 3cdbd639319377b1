"""The prompt library: everybody reads and uses it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import Access
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import organization_for, projects_of
from accounts.roles import Permission
from assets.models import TemplateVersion
from assets.queries.templates import Entry, library, pictures_of, template_for
from assets.suggestions import Suggestions
from assets.types import RenditionKind
from assets.variables import Variable, pieces, variables_in
from assets.views.cards import cards_of

TEXT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Tile:
    """One template of the library with the address of its newest picture, if there is one."""

    entry: Entry
    sample_url: str


@require_GET
def templates(request: PortalRequest, slug: str) -> HttpResponse:
    """The library, searched by name; people who edit see drafts and retired ones too."""
    organization = organization_for(request.access, slug)
    request.organization = organization
    text = request.GET.get("text", "").replace("\0", " ").strip()[:TEXT_LIMIT]
    entries = library(request.access, organization, text=text)
    context = {
        "organization": organization,
        "text": text,
        "usable": [_tile(entry) for entry in entries if entry.is_usable],
        "drafts": [_tile(e) for e in entries if not e.is_usable and not e.is_retired],
        "retired": [_tile(entry) for entry in entries if entry.is_retired],
        "may_edit": _may_edit(request.access, organization.pk),
    }
    return render(request, "assets/templates.html", context)


@require_GET
def template(request: PortalRequest, template_id: int) -> HttpResponse:
    """One template; `?version=` shows another of its versions."""
    entry = template_for(request.access, template_id)
    organization = entry.template.organization
    request.organization = organization
    version = _chosen(entry, request.GET.get("version", ""))
    may_edit = _may_edit(request.access, organization.pk)
    context = {
        "entry": entry,
        "template": entry.template,
        "organization": organization,
        "version": version,
        "marked": _marked(version.prompt),
        "suggestions": Suggestions.from_json(version.defaults),
        "examples": _examples(version),
        "uses": _uses(request.access, entry),
        "cards": cards_of(pictures_of(request.access, entry.template)),
        "may_edit": may_edit,
        "may_publish": may_edit and version == entry.draft and not entry.is_retired,
        "draft_url": template_url(entry, entry.draft.number) if entry.draft else "",
    }
    return render(request, "assets/template.html", context)


def template_url(entry: Entry, version: int | None = None) -> str:
    """The address of a template's page, at one of its versions."""
    address = reverse("assets:template", kwargs={"template_id": entry.template.pk})
    return f"{address}?version={version}" if version else address


def _chosen(entry: Entry, number: str) -> TemplateVersion:
    wanted = [version for version in entry.versions if str(version.number) == number]
    return wanted[0] if wanted else entry.shown


def _marked(prompt: str) -> list[tuple[str, bool]]:
    """The prompt in parts, each with whether it is a variable."""
    return [
        (piece.name, True) if isinstance(piece, Variable) else (piece, False)
        for piece in pieces(prompt)
    ]


def _examples(version: TemplateVersion) -> list[tuple[str, str]]:
    given = Suggestions.from_json(version.defaults).examples
    return [(name, given.get(name, "")) for name in variables_in(version.prompt)]


def _tile(entry: Entry) -> Tile:
    kind = {"uid": entry.sample, "kind": RenditionKind.THUMB.value}
    return Tile(entry, reverse("assets:rendition", kwargs=kind) if entry.sample else "")


def _may_edit(access: Access, organization_id: int) -> bool:
    return access.allows_in_organization(Permission.EDIT_TEMPLATES, organization_id)


def _uses(access: Access, entry: Entry) -> list[dict[str, str]]:
    """Where the person can make pictures with it: links for a menu."""
    if not entry.is_usable:
        return []
    return [
        {
            "label": project.name,
            "icon": "folder",
            "url": f"{_generate_url(project)}?template={entry.template.pk}",
        }
        for project in projects_of(access)
        if project.organization_id == entry.template.organization_id
        and access.allows(Permission.REQUEST_IMAGES, project.pk)
    ]


def _generate_url(project: Project) -> str:
    return reverse("generation:create", kwargs={"project_id": project.pk})
