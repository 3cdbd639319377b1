"""Finding the comments of an image."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import Image, ImageComment

UNDO_FOR = timedelta(minutes=15)


def comments_of(access: Access, image: Image) -> QuerySet[ImageComment]:
    """The comments on an image that are not removed, the oldest first, with their authors."""
    return _on(access, image).filter(removed_at__isnull=True)


def conversation_of(access: Access, image: Image) -> QuerySet[ImageComment]:
    """The same, with those that the person has just removed and may still bring back."""
    just_removed = Q(author_id=access.user_id, removed_at__gte=timezone.now() - UNDO_FOR)
    return _on(access, image).filter(Q(removed_at__isnull=True) | just_removed)


def comment_for(access: Access, comment_id: int) -> ImageComment:
    """One comment with its image and author; `NotVisible` for strangers.

    A removed one is there for its author alone.
    """
    comment = (
        ImageComment.objects.visible_to(access)
        .filter(Q(removed_at__isnull=True) | Q(author_id=access.user_id), pk=comment_id)
        .select_related("image__project__organization", "author")
        .first()
    )
    if comment is None:
        raise NotVisible
    return comment


def _on(access: Access, image: Image) -> QuerySet[ImageComment]:
    return (
        ImageComment.objects.visible_to(access)
        .filter(image=image)
        .select_related("author")
        .order_by("id")
    )
