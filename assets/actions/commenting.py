"""Comments beside an image: write, edit one's own, remove it and take that back.

Removing keeps the row, so that it can be undone; `Image.comment_count` counts what is not removed.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import live
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.models import Image, ImageComment
from assets.policies import comment_text, only_the_author, person_of


@transaction.atomic
def write_comment(*, access: Access, image: Image, text: str) -> ImageComment:
    """Say something about an image. Its maker and everybody who has said something are told."""
    access.require(Permission.ORGANIZE_IMAGES, image.project_id)
    author_id = person_of(access)
    text = comment_text(text)
    _count(image, by=1)
    comment = ImageComment.objects.create(image=image, author_id=author_id, text=text)
    _settle(access, "written", comment)
    return comment


@transaction.atomic
def edit_comment(*, access: Access, comment: ImageComment, text: str) -> ImageComment:
    """Say it differently; the comment shows that it was edited."""
    access.require(Permission.ORGANIZE_IMAGES, comment.image.project_id)
    only_the_author(access, comment.author_id)
    text = comment_text(text)
    if text == comment.text and comment.removed_at is None:
        return comment
    _change(comment, is_removed=False, text=text, edited_at=timezone.now())
    _settle(access, "edited", comment)
    return comment


@transaction.atomic
def remove_comment(*, access: Access, comment: ImageComment) -> None:
    """Take a comment away; `restore_comment` brings it back."""
    access.require(Permission.ORGANIZE_IMAGES, comment.image.project_id)
    only_the_author(access, comment.author_id)
    _change(comment, is_removed=False, removed_at=timezone.now())
    _count(comment.image, by=-1)
    _settle(access, "removed", comment)


@transaction.atomic
def restore_comment(*, access: Access, comment: ImageComment) -> None:
    """Undo a removal."""
    access.require(Permission.ORGANIZE_IMAGES, comment.image.project_id)
    only_the_author(access, comment.author_id)
    _change(comment, is_removed=True, removed_at=None)
    _count(comment.image, by=1)
    _settle(access, "restored", comment)


def _change(comment: ImageComment, *, is_removed: bool, **changes: object) -> None:
    """Change a comment that is removed, or is not; of two who do so at once one is told."""
    changed = ImageComment.objects.filter(
        pk=comment.pk, removed_at__isnull=not is_removed, image__trashed_at__isnull=True
    ).update(**changes)
    if not changed:
        raise InvalidTransition(
            _("This comment has changed in the meantime, or its picture is in the trash.")
        )
    comment.refresh_from_db(fields=list(changes))


def _count(image: Image, *, by: int) -> None:
    counted = Image.objects.in_gallery().filter(pk=image.pk)
    if not counted.update(comment_count=F("comment_count") + by):
        raise InvalidTransition(_("This picture is in the trash. Restore it to comment on it."))


def _settle(access: Access, happened: str, comment: ImageComment) -> None:
    """What every change of a comment brings with it: index, audit trail, news."""
    image = comment.image
    index_images(image_ids=[image.pk])
    record(
        access,
        f"assets.comment.{happened}",
        comment,
        organization_id=image.project.organization_id,
        project_id=image.project_id,
        image=str(image.uid),
    )
    people = set(
        ImageComment.objects.filter(image=image).order_by().values_list("author_id", flat=True)
    )
    news = {"type": "comment", "image": str(image.uid)}
    transaction.on_commit(partial(live.tell_all, sorted(people | {image.created_by_id}), news))
