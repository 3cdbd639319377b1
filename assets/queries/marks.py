"""What a person thinks of images."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.access import Access
from assets.models import Image, ImageMark


@dataclass(frozen=True, slots=True)
class Marks:
    """One person's star and rating (0 is none) of an image."""

    starred: bool = False
    rating: int = 0


NO_MARKS = Marks()


def marks_of(access: Access, images: Iterable[Image]) -> Mapping[int, Marks]:
    """The person's own marks, by the id of the image, in one query; unmarked ones are left out."""
    rows = (
        ImageMark.objects.visible_to(access)
        .filter(user_id=access.user_id or 0, image__in=[image.pk for image in images])
        .values_list("image_id", "is_starred", "rating")
    )
    return {image_id: Marks(starred, rating or 0) for image_id, starred, rating in rows}


def starred_by(access: Access, *, project_id: int | None = None, size: int = 12) -> list[Image]:
    """The newest images that the person gave a star, in one project or in all of theirs."""
    marks = (
        ImageMark.objects.visible_to(access)
        .filter(user_id=access.user_id or 0, is_starred=True, image__trashed_at__isnull=True)
        .select_related("image__created_by")
        .defer("image__metadata")
        .order_by("-image")
    )
    if project_id is not None:
        marks = marks.filter(image__project_id=project_id)
    return [mark.image for mark in marks[:size]]
