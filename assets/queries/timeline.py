"""The gallery as a wall: parts of it in both directions, places, days, what arrived.

Every part is asked for in two steps: places in order from the index (`queries.searching`), then
what cards are drawn from, by id. Parts begin beside a place, so they stay right while pictures
arrive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from accounts.access import Access
from accounts.models import Organization, Project
from assets.models import DayTally, Image, ImageMark, ProjectTally
from assets.queries.searched_facts import zone_named
from assets.queries.searching import Place, Search, count_of, page_of

PART_SIZE = 60
ABOVE = 24
"""How many images before it come along when the gallery is opened at an image."""
MOST_NEWS = 99

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

Paging = Callable[..., list[Place]]
"""Answers up to `size` places `after` one, or before it (`backwards`), the nearest first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the wall in its order: `rows` of `CARD_FIELDS`, each with its `place`.

    `before` and `after` are the places beside which the next parts begin; `None` at an end.
    """

    rows: list[dict[str, Any]]
    before: Place | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; `capped`: counting stopped there, because there are more."""

    number: int
    capped: bool = False


def paging(search: Search) -> Paging:
    """Pages of what a search finds."""
    return partial(page_of, search)


def first_part(access: Access, pages: Paging, *, size: int = PART_SIZE) -> Part:
    """The beginning."""
    places, has_more = _take(pages, size)
    return _part(access, places, after=has_more)


def part_after(access: Access, pages: Paging, place: Place, *, size: int = PART_SIZE) -> Part:
    """What comes after a place."""
    places, has_more = _take(pages, size, after=place)
    return _part(access, places, before=True, after=has_more)


def part_before(access: Access, pages: Paging, place: Place, *, size: int = PART_SIZE) -> Part:
    """What comes directly before a place."""
    places, has_more = _take(pages, size, after=place, backwards=True)
    return _part(access, places[::-1], before=has_more, after=True)


def part_around(access: Access, pages: Paging, place: Place, *, size: int = PART_SIZE) -> Part:
    """A place and what comes after it, with a little of what comes before."""
    above, has_before = _take(pages, ABOVE, after=place, backwards=True)
    above.reverse()
    below, has_after = _take(pages, size, after=above[-1] if above else None)
    return _part(access, above + below, before=has_before, after=has_after)


def place_of_image(access: Access, search: Search, uid: UUID) -> Place | None:
    """Where an image of the gallery stands, or would stand if it were found."""
    images = Image.objects.visible_to(access).in_gallery().filter(project_id=search.project_id)
    image = images.filter(uid=uid).only("rating", "reuse_count", "download_count").first()
    return search.place_of(image) if image else None


def place_of_day(access: Access, project: Project, day: dt.date) -> Place | None:
    """Where a day begins, newest first: its newest image, or the newest one before it."""
    if day == dt.date.max:
        return None
    end = dt.datetime.combine(
        day + dt.timedelta(days=1), dt.time.min, zone_of(project.organization)
    )
    found = (
        Image.objects.visible_to(access)
        .in_gallery()
        .filter(project_id=project.pk, archived_at__lt=end)
        .order_by("-archived_at", "-id")
        .values_list("id", flat=True)
        .first()
    )
    return None if found is None else Place(found)


def days_of(access: Access, project_id: int) -> list[tuple[dt.date, int]]:
    """The days on which images arrived that still hang there, newest first, and how many."""
    return list(
        DayTally.objects.visible_to(access)
        .filter(project_id=project_id, images__gt=0)
        .order_by("-day")
        .values_list("day", "images")
    )


def count_found(access: Access, search: Search, *, limit: int) -> Count:
    """How many are found, up to `limit`; of the whole gallery exactly, because that is tallied."""
    if search.is_everything:
        tallies = ProjectTally.objects.visible_to(access).filter(project_id=search.project_id)
        return Count(tallies.values_list("images", flat=True).first() or 0)
    number = count_of(search, limit=limit)
    return Count(min(number, limit), number > limit)


def arrived_since(search: Search, place: Place) -> Count:
    """How many hang before a place of the newest-first wall."""
    number = len(page_of(search, size=MOST_NEWS + 1, after=place, backwards=True))
    return Count(min(number, MOST_NEWS), number > MOST_NEWS)


def newest_uid(access: Access, search: Search) -> UUID | None:
    """The image up to which everything is found now."""
    images = Image.objects.visible_to(access).in_gallery().filter(project_id=search.project_id)
    return images.order_by("-id").values_list("uid", flat=True).first()


def card_rows(access: Access, image_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """What cards are drawn from, by id: `CARD_FIELDS`, and the actor's `star` and `own_rating`."""
    if not image_ids:
        return {}
    own = ImageMark.objects.filter(image=OuterRef("pk"), user_id=access.user_id or 0)
    images = (
        Image.objects.visible_to(access)
        .filter(pk__in=image_ids)
        .annotate(
            star=Subquery(own.values("is_starred")), own_rating=Subquery(own.values("rating"))
        )
    )
    return {row["id"]: row for row in images.values(*CARD_FIELDS, "star", "own_rating")}


def rows_at(access: Access, places: Sequence[Place]) -> list[dict[str, Any]]:
    """What cards are drawn from, for places in order."""
    found = card_rows(access, [place.id for place in places])
    return [found[place.id] | {"place": place} for place in places if place.id in found]


def zone_of(organization: Organization) -> dt.tzinfo:
    """The organization's clock."""
    return zone_named(organization.time_zone)


def _take(
    pages: Paging, size: int, *, after: Place | None = None, backwards: bool = False
) -> tuple[list[Place], bool]:
    places = pages(size=size + 1, after=after, backwards=backwards)
    return places[:size], len(places) > size


def _part(
    access: Access, places: list[Place], *, before: bool = False, after: bool = False
) -> Part:
    return Part(
        rows_at(access, places),
        before=places[0] if places and before else None,
        after=places[-1] if places and after else None,
    )
