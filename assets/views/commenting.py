"""The comments beside a picture: all of them, and one's own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import PortalRequest
from accounts.views.answering import done
from assets.actions.commenting import (
    edit_comment,
    remove_comment,
    restore_comment,
    write_comment,
)
from assets.forms.comment import CommentForm
from assets.forms.review import ReviewForm
from assets.models import Image
from assets.queries.comments import comment_for
from assets.queries.images import image_for
from assets.views.cards import image_url
from assets.views.image import conversation, image_page


@require_http_methods(["GET", "POST"])
def comments(request: PortalRequest, uid: UUID) -> HttpResponse:
    """What was said about a picture, as a part of its page; and the next thing that is said."""
    image = image_for(request.access, uid)
    if request.method == "GET":
        return _answer(request, image)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _correct(request, image, form)
    write_comment(access=request.access, image=image, text=form.cleaned_data["text"])
    return _settled(request, image, _("Your comment is there."))


@require_POST
def comment_edit(request: PortalRequest, comment_id: int) -> HttpResponse:
    """The author says it differently."""
    comment = comment_for(request.access, comment_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _correct(request, comment.image, form, editing=comment.pk)
    edit_comment(access=request.access, comment=comment, text=form.cleaned_data["text"])
    return _settled(request, comment.image, _("Your comment is changed."))


@require_POST
def comment_remove(request: PortalRequest, comment_id: int) -> HttpResponse:
    """The author takes it away; for a while it can be brought back."""
    comment = comment_for(request.access, comment_id)
    remove_comment(access=request.access, comment=comment)
    return _settled(request, comment.image, _("Your comment is removed. You can undo this."))


@require_POST
def comment_restore(request: PortalRequest, comment_id: int) -> HttpResponse:
    """The author brings it back."""
    comment = comment_for(request.access, comment_id)
    restore_comment(access=request.access, comment=comment)
    return _settled(request, comment.image, _("Your comment is back."))


def _settled(request: PortalRequest, image: Image, sentence: Promise) -> HttpResponse:
    """With scripts the part alone: it shows by itself what has happened."""
    if request.htmx:
        return _answer(request, image)
    return done(request, sentence, f"{image_url(image)}#comments")


def _correct(
    request: PortalRequest, image: Image, form: CommentForm, *, editing: int | None = None
) -> HttpResponse:
    """The same again, with what is wrong beside the field."""
    if request.htmx:
        return _answer(request, image, form=form, editing=editing, status=422)
    decision = ReviewForm(initial={"sha256": image.sha256})
    return image_page(request, image, decision, comment=form, editing=editing, status=422)


def _answer(
    request: PortalRequest,
    image: Image,
    *,
    form: CommentForm | None = None,
    editing: int | None = None,
    status: int = 200,
) -> HttpResponse:
    context = conversation(request, image, form=form, editing=editing)
    return render(request, "assets/_comments.html", context, status=status)
