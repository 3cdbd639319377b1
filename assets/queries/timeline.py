"""The gallery as a line of time: parts of it in both directions, places, days, what arrived.

Images arrive in the order of their ids, so an id is a place between two pictures.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.access import Access
from accounts.models import Organization, Project
from assets.models import DayTally, Image, ImageMark, ImageQuerySet, ProjectTally

PART_SIZE = 60
ABOVE = 24
"""How many newer images come along when the gallery is opened at an image."""
MOST_COUNTED = 1000

CARD_FIELDS = (
    "id",
    "uid",
    "width",
    "height",
    "prompt",
    "review_status",
    "is_preview",
    "source",
    "request_id",
    "archived_at",
    "placeholder",
)
"""What a card is drawn from; whole rows with their snapshots would be ten times as much."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the gallery, newest first: rows of `CARD_FIELDS`.

    `newer` and `older` are the ids beside which the next parts begin; `None` where nothing more is.
    """

    rows: list[dict[str, Any]]
    newer: int | None = None
    older: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `capped`: counting stopped there, because there are more."""

    number: int
    capped: bool = False


def newest_part(found: ImageQuerySet, *, size: int = PART_SIZE) -> Part:
    """The beginning of what is found."""
    rows, has_more = _take(found.order_by("-id"), size)
    return Part(rows, older=rows[-1]["id"] if has_more else None)


def older_part(found: ImageQuerySet, place: int, *, size: int = PART_SIZE) -> Part:
    """What was there before a place."""
    rows, has_more = _take(found.filter(id__lt=place).order_by("-id"), size)
    return Part(rows, newer=rows[0]["id"] if rows else None, older=_last(rows, has_more))


def newer_part(found: ImageQuerySet, place: int, *, size: int = PART_SIZE) -> Part:
    """What came directly after a place."""
    rows, has_more = _take(found.filter(id__gt=place).order_by("id"), size)
    newer = _last(rows, has_more)
    rows.reverse()
    return Part(rows, newer=newer, older=rows[-1]["id"] if rows else None)


def part_around(found: ImageQuerySet, place: int, *, size: int = PART_SIZE) -> Part:
    """The image of a place and what is older, with some newer ones above it, in two queries."""
    above, has_newer = _take(found.filter(id__gt=place).order_by("id"), ABOVE)
    below, has_older = _take(found.filter(id__lte=place).order_by("-id"), size)
    newer = _last(above, has_newer)
    above.reverse()
    rows = above + below
    return Part(rows, newer=newer, older=_last(rows, has_older))


def place_of_image(access: Access, project_id: int, uid: UUID) -> int | None:
    """Where an image of a project hangs."""
    images = Image.objects.visible_to(access).in_gallery()
    return images.filter(project_id=project_id, uid=uid).values_list("id", flat=True).first()


def place_of_day(access: Access, project: Project, day: dt.date) -> int | None:
    """Where a day begins: its newest image, or the newest one before it."""
    if day == dt.date.max:
        return None
    end = dt.datetime.combine(
        day + dt.timedelta(days=1), dt.time.min, zone_of(project.organization)
    )
    return (
        Image.objects.visible_to(access)
        .in_gallery()
        .filter(project_id=project.pk, archived_at__lt=end)
        .order_by("-archived_at", "-id")
        .values_list("id", flat=True)
        .first()
    )


def days_of(access: Access, project_id: int) -> list[tuple[dt.date, int]]:
    """The days on which images arrived that still hang there, newest first, and how many."""
    return list(
        DayTally.objects.visible_to(access)
        .filter(project_id=project_id, images__gt=0)
        .order_by("-day")
        .values_list("day", "images")
    )


def count_of(found: ImageQuerySet, *, most: int = MOST_COUNTED) -> Count:
    """How many are found, as far as it is worth counting."""
    number = found.order_by()[: most + 1].count()
    return Count(min(number, most), number > most)


def count_of_project(access: Access, project_id: int) -> Count:
    """How many images hang in a project's gallery, from the tally."""
    tallies = ProjectTally.objects.visible_to(access).filter(project_id=project_id)
    return Count(tallies.values_list("images", flat=True).first() or 0)


def newest_of(found: ImageQuerySet) -> UUID | None:
    """The uid of the newest image that is found."""
    return found.order_by("-id").values_list("uid", flat=True).first()


def arrived_since(found: ImageQuerySet, place: int) -> Count:
    """How many came after a place."""
    return count_of(found.filter(id__gt=place), most=99)


def own_marks(access: Access, image_ids: Collection[int]) -> dict[int, tuple[bool, int]]:
    """The actor's own stars and ratings (0: none) of some images."""
    marks = ImageMark.objects.visible_to(access).filter(
        user_id=access.user_id, image_id__in=image_ids
    )
    return {
        image_id: (is_starred, rating or 0)
        for image_id, is_starred, rating in marks.values_list("image_id", "is_starred", "rating")
    }


def zone_of(organization: Organization) -> dt.tzinfo:
    """The organization's clock; the site's where its name is no longer known."""
    try:
        return zoneinfo.ZoneInfo(organization.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _take(images: ImageQuerySet, size: int) -> tuple[list[dict[str, Any]], bool]:
    rows = list(images.values(*CARD_FIELDS)[: size + 1])
    return rows[:size], len(rows) > size


def _last(rows: list[dict[str, Any]], has_more: bool) -> int | None:
    return rows[-1]["id"] if rows and has_more else None
