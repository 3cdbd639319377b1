"""The wall of a gallery: the part with which a page begins, and what its script asks for later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import Access
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from assets.queries import stacks, timeline
from assets.queries.gallery import LARGEST_ID, GallerySearch
from assets.queries.timeline import Count, Part
from assets.views.cards import Card, wall_cards

STACKS_COOKIE = "wall_stacks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the gallery a part begins. What cannot be understood is the beginning."""

    older_than: int | None = None
    newer_than: int | None = None
    at: UUID | None = None
    day: dt.date | None = None

    @classmethod
    def from_query(cls, params: Mapping[str, str]) -> Self:
        """Read a query string: `before` or `after` an id, `at` a uid, on a `day`."""
        return cls(
            older_than=_whole(params.get("before", "")),
            newer_than=_whole(params.get("after", "")),
            at=_uid(params.get("at", "")),
            day=_day(params.get("day", "")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What `assets/_wall.html` shows: a part of the gallery and where the rest is."""

    project_id: int
    query: str
    cards: list[Card]
    part: Part
    is_stacked: bool
    may_stack: bool
    stacks_url: str
    at: str

    @property
    def newer(self) -> str:
        """Where the next part above begins; empty at the top. Not a number: it is not localized."""
        return str(self.part.newer or "")

    @property
    def older(self) -> str:
        """Where the next part below begins; empty at the end."""
        return str(self.part.older or "")

    @property
    def newest(self) -> str:
        """The place of the first card."""
        return str(self.part.rows[0]["id"]) if self.part.rows else "0"

    @property
    def count(self) -> int:
        """How many cards this part has."""
        return len(self.cards)

    @property
    def older_url(self) -> str:
        """The page that begins where this part ends, for those without scripts."""
        return self._page(f"before={self.older}") if self.older else ""

    @property
    def newer_url(self) -> str:
        """The page that ends where this part begins."""
        return self._page(f"after={self.newer}") if self.newer else ""

    def _page(self, place: str) -> str:
        address = reverse("assets:gallery", kwargs={"project_id": self.project_id})
        return f"{address}?{self.query}&{place}" if self.query else f"{address}?{place}"


def wall_of(request: PortalRequest, project: Project, search: GallerySearch) -> Wall:
    """The part of the wall that a request asks for, in at most five queries."""
    access = request.access
    may_stack = not search.is_filtered
    is_stacked = may_stack and _wants_stacks(request)
    part = _part(access, project, search, Place.from_query(request.GET), is_stacked)
    query = search.query()
    return Wall(
        project_id=project.pk,
        query=query,
        cards=_cards(access, project, part, query, is_stacked=is_stacked),
        part=part,
        is_stacked=is_stacked,
        may_stack=may_stack,
        stacks_url=f"{request.path}?stacks={int(not is_stacked)}",
        at=request.GET.get("at", "") or request.GET.get("day", ""),
    )


@require_GET
def part(request: PortalRequest, project_id: int) -> HttpResponse:
    """A further part of the wall."""
    project = project_for(request.access, project_id)
    wall = wall_of(request, project, GallerySearch.from_query(request.GET))
    return render(request, "components/picture_wall_chunk.html", {"wall": wall})


@require_GET
def stack(request: PortalRequest, project_id: int, request_id: UUID) -> HttpResponse:
    """The pictures of a request that lie under its newest one."""
    project = project_for(request.access, project_id)
    part = stacks.stack_of(request.access, project_id, request_id)
    wall = Wall(
        project_id=project.pk,
        query="",
        cards=_cards(request.access, project, part, "", is_stacked=False),
        part=part,
        is_stacked=False,
        may_stack=False,
        stacks_url="",
        at="",
    )
    return render(request, "components/picture_wall_chunk.html", {"wall": wall})


@require_GET
def count(request: PortalRequest, project_id: int) -> JsonResponse:
    """How many pictures are found; with `after`, how many of them came after that place."""
    project_for(request.access, project_id)
    search = GallerySearch.from_query(request.GET)
    found = search.images(request.access, project_id)
    place = Place.from_query(request.GET).newer_than
    if place is not None:
        number = timeline.arrived_since(found, place)
    elif search.is_filtered:
        number = timeline.count_of(found)
    else:
        number = timeline.count_of_project(request.access, project_id)
    return JsonResponse(_counted(number) | {"up_to": timeline.newest_of(found)})


@require_GET
def days(request: PortalRequest, project_id: int) -> JsonResponse:
    """The days of the gallery and how many pictures each has, newest first."""
    project_for(request.access, project_id)
    found = timeline.days_of(request.access, project_id)
    return JsonResponse({"days": [[day.isoformat(), images] for day, images in found]})


def _part(
    access: Access, project: Project, search: GallerySearch, place: Place, is_stacked: bool
) -> Part:
    found = search.images(access, project.pk)
    if is_stacked:
        found = stacks.tops(found)
    if place.newer_than is not None:
        return timeline.newer_part(found, place.newer_than)
    if place.older_than is not None:
        return timeline.older_part(found, place.older_than)
    start = None
    if place.at is not None:
        start = timeline.place_of_image(access, project.pk, place.at)
    elif place.day is not None:
        start = timeline.place_of_day(access, project, place.day)
    if start is None:
        return timeline.newest_part(found)
    return timeline.part_around(found, start)


def _cards(
    access: Access, project: Project, part: Part, query: str, *, is_stacked: bool
) -> list[Card]:
    request_ids = {row["request_id"] for row in part.rows if row["request_id"]}
    return wall_cards(
        part.rows,
        zone=timeline.zone_of(project.organization),
        query=query,
        stacks=stacks.sizes_of(access, project.pk, request_ids) if is_stacked else None,
        marks=timeline.own_marks(access, [row["id"] for row in part.rows]),
    )


def _counted(count: Count) -> dict[str, object]:
    return {"found": count.number, "capped": count.capped}


def _wants_stacks(request: PortalRequest) -> bool:
    """As the address says, else as the person left it in this browser."""
    return (request.GET.get("stacks") or request.COOKIES.get(STACKS_COOKIE, "")) == "1"


def _whole(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID:
        return int(text)
    return None


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
