"""One picture, large: its page, and the same as a part for the lightbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.http import PortalRequest
from accounts.roles import Permission
from assets.forms.comment import CommentForm
from assets.forms.review import ReviewForm
from assets.labelling import CREATOR_TOOL
from assets.models import Image, ImageComment
from assets.provenance.infotext import infotext
from assets.provenance.statement import Provenance
from assets.queries.comments import conversation_of
from assets.queries.gallery import GallerySearch
from assets.queries.images import image_for, reviews_of
from assets.queries.lineage import Lineage, lineage_of
from assets.snapshot import MetadataSnapshot, SnapshotError
from assets.types import DECIDED, SUBMITTABLE, RenditionKind, ReviewStatus
from assets.views.cards import image_url, rendition_url
from assets.views.comparing import compare_url
from assets.views.facts import facts_of
from assets.views.organizing import organized_context


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A picture beside the one that is shown: where its page and its files are."""

    uid: UUID
    url: str
    shown_url: str
    thumb: str
    preview: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another picture that this one can be compared with, in words."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as its reader sees it: one's own has a form to change it."""

    comment: ImageComment
    form: CommentForm | None
    is_editing: bool


@require_GET
def image(request: PortalRequest, uid: UUID) -> HttpResponse:
    """The picture, large, with everything known about it and its neighbours in the search."""
    shown = image_for(request.access, uid)
    return image_page(request, shown, ReviewForm(initial={"sha256": shown.sha256}))


@require_GET
def shown(request: PortalRequest, uid: UUID) -> HttpResponse:
    """The same as a part, for the lightbox."""
    found = image_for(request.access, uid)
    response = render(request, "assets/_shown.html", about(request, found))
    response["Cache-Control"] = "no-store"
    return response


def image_page(
    request: PortalRequest,
    found: Image,
    form: ReviewForm,
    *,
    comment: CommentForm | None = None,
    editing: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with a form of its own, for a decision or a comment that has to be corrected."""
    request.project = found.project
    context = about(request, found, comment=comment, editing=editing)
    context |= {
        "form": form,
        "nearby": [each.preview for each in (context["next"], context["previous"]) if each],
    }
    return render(request, "assets/image.html", context, status=status)


def about(
    request: PortalRequest,
    found: Image,
    *,
    comment: CommentForm | None = None,
    editing: int | None = None,
) -> dict[str, Any]:
    """What page and lightbox show of a picture, and its neighbours in the search."""
    search = GallerySearch.from_query(request.GET)
    query = search.query()
    before, after = search.neighbours(request.access, found)
    lineage = lineage_of(request.access, found)
    gallery = reverse("assets:gallery", kwargs={"project_id": found.project_id})
    return {
        "image": found,
        "page_url": image_url(found, query),
        "preview_url": rendition_url(found, RenditionKind.PREVIEW),
        "thumb_url": rendition_url(found, RenditionKind.THUMB),
        "previous": _neighbour(before, query),
        "next": _neighbour(after, query),
        "gallery_url": f"{gallery}?{query}" if query else gallery,
        "query": query,
        "reviews": reviews_of(request.access, found),
        "groups": facts_of(found.metadata),
        "metadata_json": json.dumps(found.metadata, ensure_ascii=False, indent=2),
        "infotext": _infotext(found),
        "lineage": lineage,
        "comparisons": _comparisons(found, lineage, before, after),
        **conversation(request, found, form=comment, editing=editing),
        **organized_context(request.access, found),
        **what_may_be_done(request, found),
    }


def conversation(
    request: PortalRequest,
    found: Image,
    *,
    form: CommentForm | None = None,
    editing: int | None = None,
) -> dict[str, Any]:
    """What `assets/_comments.html` needs: what was said, and the form for the next thing.

    `form` is one with mistakes: of the comment `editing`, else of the new one.
    """
    access = request.access
    writes = access.allows(Permission.ORGANIZE_IMAGES, found.project_id)
    may_comment = writes and found.trashed_at is None
    return {
        "image": found,
        "said": [
            _said(each, access.user_id if may_comment else None, form, editing)
            for each in conversation_of(access, found)
        ],
        "may_comment": may_comment,
        "comment_form": form if form and editing is None else CommentForm(auto_id="new_%s"),
    }


def what_may_be_done(request: PortalRequest, found: Image) -> dict[str, Any]:
    """Which buttons of a picture's page this person gets; the actions check again."""
    access, project_id = request.access, found.project_id
    is_maker = access.user_id == found.created_by_id
    in_gallery = found.trashed_at is None
    reviews = in_gallery and access.allows(Permission.REVIEW_IMAGES, project_id)
    submits = in_gallery and is_maker and access.allows(Permission.SUBMIT_IMAGES, project_id)
    pending = found.review_status == ReviewStatus.PENDING
    return {
        "may_generate": access.allows(Permission.REQUEST_IMAGES, project_id),
        "may_organize": in_gallery and access.allows(Permission.ORGANIZE_IMAGES, project_id),
        "may_restore": not in_gallery and access.allows(Permission.ORGANIZE_IMAGES, project_id),
        "may_submit": submits and found.review_status in SUBMITTABLE,
        "may_withdraw": submits and pending,
        "may_review": reviews and pending and not is_maker,
        "may_reopen": reviews and found.review_status in DECIDED and not is_maker,
        "waits_for_others": reviews and pending and is_maker,
    }


def _neighbour(found: Image | None, query: str) -> Neighbour | None:
    if found is None:
        return None
    shown_url = reverse("assets:shown", kwargs={"uid": found.uid})
    return Neighbour(
        uid=found.uid,
        url=image_url(found, query),
        shown_url=f"{shown_url}?{query}" if query else shown_url,
        thumb=rendition_url(found, RenditionKind.THUMB),
        preview=rendition_url(found, RenditionKind.PREVIEW),
        width=found.width,
        height=found.height,
    )


def _comparisons(
    found: Image, lineage: Lineage, before: Image | None, after: Image | None
) -> list[Comparison]:
    """Each other picture once, by the first reason to compare with it."""
    others = {
        _("With the picture it was made from"): lineage.parent,
        _("With the picture it began with"): lineage.input_image,
        _("With the previous picture"): before,
        _("With the next picture"): after,
    }
    seen: set[UUID] = set()
    choices = []
    for label, other in others.items():
        if other and other.uid not in seen:
            seen.add(other.uid)
            choices.append(Comparison(label, compare_url(found.project_id, [other.uid, found.uid])))
    return choices


def _said(
    comment: ImageComment, reader_id: int | None, form: CommentForm | None, editing: int | None
) -> Said:
    if comment.author_id != reader_id:
        return Said(comment, None, is_editing=False)
    is_editing = comment.pk == editing
    own = CommentForm(initial={"text": comment.text}, auto_id=f"comment{comment.pk}_%s")
    return Said(comment, form if form and is_editing else own, is_editing=is_editing)


def _infotext(found: Image) -> str:
    """The `parameters` text that other programs read; empty for a record that cannot be read."""
    try:
        snapshot = MetadataSnapshot.from_json(found.metadata)
    except SnapshotError:
        return ""
    return infotext(
        Provenance(
            snapshot=snapshot, produce_id=str(found.uid), producer="", creator_tool=CREATOR_TOOL
        )
    )
