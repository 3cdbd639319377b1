"""Pictures that look alike: groups to decide about, one click each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import date, filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from assets.actions.duplicates import ask_again, keep_all
from assets.forms.duplicates import images_named, kept_of
from assets.models import Image
from assets.operations.asks import Chosen
from assets.operations.ordering import begin
from assets.policies import why_not_taken_away
from assets.queries.duplicates import Group, groups_of
from assets.types import OperationKind, RenditionKind
from assets.views.cards import image_url, rendition_url
from assets.views.operations import answer

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One picture of a group. `facts` are those in which it differs from the others.

    `stays` says that keeping another one cannot throw this one away, and why.
    """

    image: Image
    url: str
    thumb: str
    is_best: bool
    facts: Sequence[tuple[str, str]]
    stays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGroup:
    """One group as the page shows it, the proposed one first."""

    key: str
    members: Sequence[Member]
    why: str


@require_GET
def duplicates(request: PortalRequest, project_id: int) -> HttpResponse:
    """The groups of a project that wait for a decision."""
    project = project_for(request.access, project_id)
    request.project = project
    text = request.GET.get("cursor", "")
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    cursor = int(text) if is_number and int(text) <= LARGEST_ID else None
    page = groups_of(request.access, project.pk, cursor=cursor)
    address = reverse("assets:duplicates", args=[project.pk])
    context = {
        "project": project,
        "groups": [_shown(request, group) for group in page.groups],
        "next_url": f"{address}?cursor={page.cursor}" if page.cursor else "",
        "is_first": cursor is None,
        "may_decide": request.access.allows(Permission.ORGANIZE_IMAGES, project.pk),
    }
    return render(request, "assets/duplicates.html", context)


@require_POST
def duplicates_keep_one(request: PortalRequest, project_id: int) -> HttpResponse:
    """Keep one (`keep`) of a group; the others go to the trash."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project.pk)
    images = images_named(request.access, project, request.POST)
    kept = kept_of(images, request.POST)
    operation = begin(
        access=request.access,
        project=project,
        kind=OperationKind.MERGE,
        chosen=Chosen(ids=tuple(image.pk for image in images if image != kept)),
        arguments={"kept": kept.pk},
    )
    return answer(request, operation)


@require_POST
def duplicates_keep_all(request: PortalRequest, project_id: int) -> HttpResponse:
    """Keep all of a group; it is not shown again."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project.pk)
    images = images_named(request.access, project, request.POST)
    keep_all(access=request.access, project=project, images=images)
    if not request.htmx:
        return redirect("assets:duplicates", project_id=project.pk)
    return render(request, "assets/_duplicates_kept.html", {"project": project, "images": images})


@require_POST
def duplicates_ask_again(request: PortalRequest, project_id: int) -> HttpResponse:
    """Take "keep all" back."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project.pk)
    images = images_named(request.access, project, request.POST)
    ask_again(access=request.access, project=project, images=images)
    response = redirect("assets:duplicates", project_id=project.pk)
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return response


def _shown(request: PortalRequest, group: Group) -> ShownGroup:
    facts = _differences(group.images)
    return ShownGroup(
        key=group.best.uid.hex,
        members=[
            Member(
                image=image,
                url=image_url(image),
                thumb=rendition_url(image, RenditionKind.THUMB),
                is_best=image == group.best,
                facts=facts[image.pk],
                stays=_why_it_stays(request, image),
            )
            for image in group.images
        ],
        why=group.why,
    )


def _why_it_stays(request: PortalRequest, image: Image) -> str:
    reason = why_not_taken_away(request.access, image)
    return str(reason.label) if reason else ""


def _differences(images: Sequence[Image]) -> dict[int, list[tuple[str, str]]]:
    """What distinguishes each of them: only facts in which not all are equal."""
    rows: list[tuple[str, list[str]]] = [
        (_("Size"), [f"{image.width} × {image.height}" for image in images]),
        (_("File"), [filesizeformat(image.bytes) for image in images]),
        (_("Seed"), ["" if image.seed is None else str(image.seed) for image in images]),
        (_("Steps"), ["" if image.steps is None else str(image.steps) for image in images]),
        (_("CFG"), ["" if image.cfg is None else f"{image.cfg:g}" for image in images]),
        (_("Model"), [image.model_name for image in images]),
        (_("Made by"), [str(image.created_by) for image in images]),
        (_("Made on"), [date(image.created_at, "SHORT_DATETIME_FORMAT") for image in images]),
        (_("Rating"), [f"{image.rating:.1f}" if image.rating else "" for image in images]),
        (_("Comments"), [str(image.comment_count) for image in images]),
        (_("Downloaded"), [str(image.download_count) for image in images]),
        (_("Used again"), [str(image.reuse_count) for image in images]),
        (_("Prompt"), [image.prompt for image in images]),
    ]
    told: dict[int, list[tuple[str, str]]] = {image.pk: [] for image in images}
    for label, values in rows:
        if len(set(values)) > 1:
            for image, value in zip(images, values, strict=True):
                told[image.pk].append((label, value))
    return told
