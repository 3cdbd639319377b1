"""The trash of a project, and throwing away and restoring one picture."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import NotPermitted
from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import done
from assets.actions.trashing import allow_purge
from assets.forms.chosen import chosen_ids
from assets.forms.trash import TrashForm
from assets.models import Image
from assets.operations.asks import Chosen
from assets.operations.ordering import begin
from assets.policies import why_not_restored, why_not_taken_away
from assets.queries.images import image_for
from assets.queries.storage_use import storage_of
from assets.queries.trash import chosen_in_trash, purged_on, to_be_allowed, trash_page
from assets.types import OperationKind, RenditionKind
from assets.views.cards import image_url, rendition_url
from assets.views.operations import answer

MOST_TO_ALLOW = 60


@dataclass(frozen=True, slots=True)
class TrashCard:
    """One picture of the trash. `purged_on` is empty while it is kept."""

    image: Image
    url: str
    thumb: str
    purged_on: object
    is_kept: bool


@require_GET
def trash(request: PortalRequest, project_id: int) -> HttpResponse:
    """What was thrown away: to be taken out again, or to be deleted for good."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project_id)
    cursor = request.GET.get("cursor", "")
    page = trash_page(request.access, project_id, cursor=cursor)
    manages = request.access.allows(Permission.MANAGE_PROJECT, project_id)
    waiting = to_be_allowed(request.access, project_id) if manages and not cursor else None
    address = reverse("assets:trash", kwargs={"project_id": project_id})
    context = {
        "project": project,
        "cards": _cards(page.images),
        "to_allow": _cards(waiting.order_by("-trashed_at")[:MOST_TO_ALLOW]) if waiting else [],
        "next_url": f"{address}?{urlencode({'cursor': page.cursor})}" if page.cursor else "",
        "is_first": not cursor,
        "may_purge": manages,
        "days": settings.TRASH_DAYS,
        "use": storage_of(request.access, project_id) if manages else None,
    }
    return render(request, "assets/trash.html", context)


@require_POST
def trash_change(request: PortalRequest, project_id: int) -> HttpResponse:
    """Restore the chosen pictures or all, delete them for good, or allow that."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project_id)
    form = TrashForm(request.POST)
    what = form.what_chosen()
    if form.is_everything:
        chosen = Chosen(query="")
    else:
        chosen = chosen_ids(request.access, project, request.POST.getlist("uid"))
    if what != TrashForm.ALLOW:
        begun = begin(
            access=request.access, project=project, kind=OperationKind(what), chosen=chosen
        )
        return answer(request, begun)
    images = chosen_in_trash(request.access, project_id, chosen.ids)
    outcome = allow_purge(access=request.access, project=project, images=images)
    count = len(outcome.changed)
    sentence = ngettext(
        "%(count)d picture may be deleted now.", "%(count)d pictures may be deleted now.", count
    )
    return done(request, sentence % {"count": count}, "assets:trash", project_id=project_id)


@require_POST
def image_trash(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Throw one picture away."""
    return _one(request, uid, OperationKind.TRASH)


@require_POST
def image_restore(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Take one picture out of the trash."""
    return _one(request, uid, OperationKind.RESTORE)


def _one(request: PortalRequest, uid: UUID, kind: OperationKind) -> HttpResponse:
    image = image_for(request.access, uid)
    request.project = image.project
    why_not = why_not_taken_away if kind == OperationKind.TRASH else why_not_restored
    reason = why_not(request.access, image)
    if reason:
        raise NotPermitted(reason.label)
    chosen = Chosen(ids=(image.pk,))
    begun = begin(access=request.access, project=image.project, kind=kind, chosen=chosen)
    if request.htmx or not begun.done:
        return answer(request, begun)
    if kind == OperationKind.RESTORE:
        return done(request, _("It hangs in the gallery again."), image_url(image))
    return redirect("assets:operation", uid=begun.uid)


def _cards(images: Iterable[Image]) -> list[TrashCard]:
    return [
        TrashCard(
            image=image,
            url=image_url(image),
            thumb=rendition_url(image, RenditionKind.THUMB),
            purged_on=purged_on(image),
            is_kept=purged_on(image) is None,
        )
        for image in images
    ]
