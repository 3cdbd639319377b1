"""The page of one picture."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.roles import Permission
from assets.forms.review import ReviewForm
from assets.models import Image
from assets.queries.gallery import GallerySearch
from assets.queries.images import image_for, reviews_of
from assets.types import DECIDED, SUBMITTABLE, RenditionKind, ReviewStatus
from assets.views.cards import image_url, rendition_url
from assets.views.facts import facts_of
from assets.views.organizing import organized_context


@require_GET
def image(request: PortalRequest, uid: UUID) -> HttpResponse:
    """The picture, large, with everything known about it and its neighbours in the search."""
    shown = image_for(request.access, uid)
    return image_page(request, shown, ReviewForm(initial={"sha256": shown.sha256}))


def image_page(
    request: PortalRequest, shown: Image, form: ReviewForm, status: int = 200
) -> HttpResponse:
    """The page with a form of its own, for a decision that has to be corrected."""
    request.project = shown.project
    search = GallerySearch.from_query(request.GET)
    query = search.query()
    newer, older = search.neighbours(request.access, shown)
    gallery = reverse("assets:gallery", kwargs={"project_id": shown.project_id})
    context = {
        "image": shown,
        "preview_url": rendition_url(shown, RenditionKind.PREVIEW),
        "newer_url": image_url(newer, query) if newer else "",
        "older_url": image_url(older, query) if older else "",
        "nearby": [rendition_url(each, RenditionKind.PREVIEW) for each in (older, newer) if each],
        "gallery_url": f"{gallery}?{query}" if query else gallery,
        "query": query,
        "reviews": reviews_of(request.access, shown),
        "groups": facts_of(shown.metadata),
        "metadata_json": json.dumps(shown.metadata, ensure_ascii=False, indent=2),
        "form": form,
        **what_may_be_done(request, shown),
        **organized_context(request.access, shown),
    }
    return render(request, "assets/image.html", context, status=status)


def what_may_be_done(request: PortalRequest, shown: Image) -> dict[str, Any]:
    """Which buttons of a picture's page this person gets; the actions check again."""
    access, project_id = request.access, shown.project_id
    is_maker = access.user_id == shown.created_by_id
    reviews = access.allows(Permission.REVIEW_IMAGES, project_id)
    submits = is_maker and access.allows(Permission.SUBMIT_IMAGES, project_id)
    pending = shown.review_status == ReviewStatus.PENDING
    return {
        "may_generate": access.allows(Permission.REQUEST_IMAGES, project_id),
        "may_submit": submits and shown.review_status in SUBMITTABLE,
        "may_withdraw": submits and pending,
        "may_review": reviews and pending and not is_maker,
        "may_reopen": reviews and shown.review_status in DECIDED and not is_maker,
        "waits_for_others": reviews and pending and is_maker,
    }
