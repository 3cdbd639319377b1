"""The steps of a review, and the room where reviewers work through the queue."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import done, say
from assets.actions.reviewing import reopen_image, review_image, submit_image, withdraw_image
from assets.forms.review import QUEUE, ReviewForm
from assets.models import Image
from assets.queries.gallery import GallerySearch
from assets.queries.images import image_for, reviews_of
from assets.queries.review_queue import QueueView, next_after, queue
from assets.types import Decision, RenditionKind
from assets.views.cards import image_url, rendition_url
from assets.views.image import image_page

SAID = {
    Decision.APPROVE: _("Approved."),
    Decision.REJECT: _("Rejected. The maker sees your comment."),
    Decision.REQUEST_CHANGES: _("Sent back. The maker sees your comment."),
}


@require_POST
def submit(request: PortalRequest, uid: UUID) -> HttpResponse:
    """The maker hands the picture in; a page that shows several of them stays where it is."""
    image = submit_image(access=request.access, image=image_for(request.access, uid))
    submitted = _("Submitted for review.")
    if request.htmx:
        changed = trigger_client_event(HttpResponse(status=204), "atelier:changed", {})
        return say(changed, submitted)
    return done(request, submitted, _page_of(request, image))


@require_POST
def withdraw(request: PortalRequest, uid: UUID) -> HttpResponse:
    """The maker takes the picture back."""
    image = withdraw_image(access=request.access, image=image_for(request.access, uid))
    return done(request, _("Taken back. It is a draft again."), _page_of(request, image))


@require_POST
def reopen(request: PortalRequest, uid: UUID) -> HttpResponse:
    """A reviewer puts a decided picture back into the queue."""
    image = reopen_image(access=request.access, image=image_for(request.access, uid))
    return done(request, _("Back in the review queue."), _page_of(request, image))


@require_POST
def review(request: PortalRequest, uid: UUID) -> HttpResponse:
    """A reviewer decides; from the queue it goes on to the next picture."""
    image = image_for(request.access, uid)
    request.access.require(Permission.REVIEW_IMAGES, image.project_id)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        if form.in_queue:
            return _queue_page(request, image.project, at=uid, form=form)
        return image_page(request, image, form, status=422)
    following = next_after(request.access, image) if form.in_queue else None
    decision = Decision(form.cleaned_data["decision"])
    review_image(
        access=request.access,
        image=image,
        decision=decision,
        comment=form.cleaned_data["comment"],
        sha256=form.cleaned_data["sha256"],
    )
    if form.in_queue:
        return done(request, SAID[decision], _queue_url(image.project_id, following))
    return done(request, SAID[decision], _page_of(request, image))


@require_GET
def review_queue(request: PortalRequest, project_id: int) -> HttpResponse:
    """One picture of the queue, large, with its neighbours; `?image=` says which."""
    project = project_for(request.access, project_id)
    request.access.require(Permission.REVIEW_IMAGES, project_id)
    return _queue_page(request, project, at=_uid_in(request.GET))


def _queue_page(
    request: PortalRequest, project: Project, *, at: UUID | None, form: ReviewForm | None = None
) -> HttpResponse:
    request.project = project
    view = queue(request.access, project.pk, at=at)
    if view.current is None or view.current.uid != at:
        form = None  # the picture it was about is no longer in the queue
    context: dict[str, object] = {"project": project, "queue": view}
    if view.current:
        context |= _current(request, view, view.current, form)
    status = 422 if form and form.errors else 200
    return render(request, "assets/review_queue.html", context, status=status)


def _current(
    request: PortalRequest, view: QueueView, current: Image, form: ReviewForm | None
) -> dict[str, object]:
    project_id = current.project_id
    return {
        "image": current,
        "form": form or ReviewForm(initial={"sha256": current.sha256, "place": QUEUE}),
        "preview_url": rendition_url(current, RenditionKind.PREVIEW),
        "previous_url": _queue_url(project_id, view.previous) if view.previous else "",
        "next_url": _queue_url(project_id, view.next) if view.next else "",
        "nearby": [rendition_url(view.next, RenditionKind.PREVIEW)] if view.next else [],
        "strip": [
            {
                "url": _queue_url(project_id, each),
                "thumb": rendition_url(each, RenditionKind.THUMB),
                "image": each,
                "current": each.pk == current.pk,
            }
            for each in view.strip
        ],
        "reviews": reviews_of(request.access, current),
    }


def _queue_url(project_id: int, image: Image | None) -> str:
    address = reverse("assets:review-queue", kwargs={"project_id": project_id})
    return f"{address}?{urlencode({'image': image.uid})}" if image else address


def _uid_in(params: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(params.get("image", ""))
    except ValueError:
        return None


def _page_of(request: PortalRequest, image: Image) -> str:
    return image_url(image, GallerySearch.from_query(request.GET).query())
