"""The reviewer's queue of a project: pending pictures, oldest first, without one's own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from accounts.access import Access
from accounts.roles import Permission
from assets.models import Image, ImageQuerySet
from assets.types import ReviewStatus

STRIP_BEFORE = 6
STRIP_AFTER = 24


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue around one picture.

    `place` of `waiting` counts from 1. `own` says how many of the reviewer's own pictures wait for
    somebody else. `strip` holds the current picture with some before and more after it.
    """

    current: Image | None
    previous: Image | None
    next: Image | None
    place: int
    waiting: int
    own: int
    strip: list[Image]


def pending(access: Access, project_id: int) -> ImageQuerySet:
    """Pictures that this reviewer may decide on: pending, and made by somebody else."""
    return _all_pending(access, project_id).exclude(created_by_id=access.user_id or 0)


def waiting_for_review(access: Access, project_id: int) -> int:
    """How many pictures wait for this reviewer."""
    return pending(access, project_id).count()


def queue(access: Access, project_id: int, *, at: UUID | None = None) -> QueueView:
    """The queue, standing at a picture, or at its beginning when that one is not in it."""
    counts = _all_pending(access, project_id).aggregate(
        everything=Count("pk"), own=Count("pk", filter=Q(created_by_id=access.user_id))
    )
    own, waiting = counts["own"], counts["everything"] - counts["own"]
    mine = pending(access, project_id).select_related("created_by", "project")
    current = (mine.filter(uid=at).first() if at else None) or mine.order_by("id").first()
    if current is None:
        return QueueView(None, None, None, 0, waiting, own, [])
    before = list(mine.filter(id__lt=current.pk).defer("metadata").order_by("-id")[:STRIP_BEFORE])
    after = list(mine.filter(id__gt=current.pk).defer("metadata").order_by("id")[:STRIP_AFTER])
    return QueueView(
        current=current,
        previous=before[0] if before else None,
        next=after[0] if after else None,
        place=mine.filter(id__lt=current.pk).count() + 1,
        waiting=waiting,
        own=own,
        strip=[*reversed(before), current, *after],
    )


def next_after(access: Access, image: Image) -> Image | None:
    """Where to go after a picture was decided: the next younger one, else the oldest left."""
    left = pending(access, image.project_id).defer("metadata").exclude(pk=image.pk)
    return left.filter(id__gt=image.pk).order_by("id").first() or left.order_by("id").first()


def _all_pending(access: Access, project_id: int) -> ImageQuerySet:
    return (
        Image.objects.visible_to(access, Permission.REVIEW_IMAGES)
        .in_gallery()
        .filter(project_id=project_id, review_status=ReviewStatus.PENDING)
    )
