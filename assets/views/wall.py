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
from assets.queries.gallery import GallerySearch
from assets.queries.searching import COUNT_LIMIT, Place, Search
from assets.queries.timeline import Paging, Part
from assets.search.language.query import Sort
from assets.views.cards import Card, wall_cards

STACKS_COOKIE = "wall_stacks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a part of the wall begins. What cannot be understood is the beginning of the wall."""

    before: Place | None = None
    after: Place | None = None
    at: UUID | None = None
    day: dt.date | None = None

    @property
    def is_further(self) -> bool:
        """Whether it goes on from a part that is there already."""
        return self.before is not None or self.after is not None

    @classmethod
    def from_query(cls, params: Mapping[str, str]) -> Self:
        """Read a query string: `before` or `after` a place, `at` a uid, on a `day`.

        `cursor` is what `after` was once called.
        """
        return cls(
            before=Place.read(params.get("before", "")),
            after=Place.read(params.get("after", "") or params.get("cursor", "")),
            at=_uid(params.get("at", "")),
            day=_day(params.get("day", "")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What `assets/_wall.html` shows: a part of the gallery and where the rest is.

    `newest` is the place of the first picture of all. `is_timeline`: the whole gallery, newest
    first. `is_by_day`: in the order of age, so that days can be told apart.
    """

    address: str
    query: str
    cards: list[Card]
    part: Part
    is_timeline: bool = False
    is_by_day: bool = False
    is_newest_first: bool = False
    is_stacked: bool = False
    newest: str = ""
    at: str = ""

    @property
    def before(self) -> str:
        """Where the next part above begins; empty at the top."""
        return str(self.part.before or "")

    @property
    def after(self) -> str:
        """Where the next part below begins; empty at the end."""
        return str(self.part.after or "")

    @property
    def start(self) -> str:
        """The place of the first card."""
        return str(self.part.rows[0]["place"]) if self.part.rows else "0"

    @property
    def before_url(self) -> str:
        """The page that ends where this part begins, for those without scripts."""
        return self._page(f"before={self.before}") if self.before else ""

    @property
    def after_url(self) -> str:
        """The page that begins where this part ends."""
        return self._page(f"after={self.after}") if self.after else ""

    @property
    def stacks_url(self) -> str:
        """The page with stacks, or without."""
        return self._page(f"stacks={int(not self.is_stacked)}")

    def _page(self, place: str) -> str:
        return f"{self.address}?{self.query}&{place}" if self.query else f"{self.address}?{place}"


def wall_of(request: PortalRequest, project: Project, search: GallerySearch) -> Wall:
    """The part of the wall that a request asks for."""
    access = request.access
    sort = search.asked.sort
    is_timeline = not search.is_filtered and sort is Sort.NEWEST
    is_stacked = is_timeline and _wants_stacks(request)
    found = search.prepared(access, project.pk)
    pages = stacks.paging_of_stacks(access, project.pk) if is_stacked else timeline.paging(found)
    start = Beginning.from_query(request.GET)
    part = _part(access, project, found, pages, start)
    query = search.query()
    is_by_day = sort in {Sort.NEWEST, Sort.OLDEST}
    newest = [part.rows[0]["place"]] if part.rows else []
    if part.before is not None and not start.is_further:
        newest = pages(size=1)
    sizes = None
    if is_stacked:
        requests = {row["request_id"] for row in part.rows if row["request_id"]}
        sizes = stacks.sizes_of(access, project.pk, requests)
    return Wall(
        address=reverse("assets:gallery", kwargs={"project_id": project.pk}),
        query=query,
        cards=_cards(project, part, query=query, is_by_day=is_by_day, sizes=sizes),
        part=part,
        is_timeline=is_timeline,
        is_by_day=is_by_day,
        is_newest_first=sort is Sort.NEWEST,
        is_stacked=is_stacked,
        newest=str(newest[0]) if newest else "0",
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
    cards = _cards(project, part, is_by_day=True)
    wall = Wall(address="", query="", cards=cards, part=part)
    return render(request, "components/picture_wall_chunk.html", {"wall": wall})


@require_GET
def count(request: PortalRequest, project_id: int) -> JsonResponse:
    """How many pictures are found; with `before` a place, how many came before it.

    `up_to` is the newest picture of the gallery, up to which they were counted.
    """
    project_for(request.access, project_id)
    found = GallerySearch.from_query(request.GET).prepared(request.access, project_id)
    place = Place.read(request.GET.get("before", ""))
    if place is None:
        number = timeline.count_found(request.access, found, limit=COUNT_LIMIT)
    else:
        number = timeline.arrived_since(found, place)
    return JsonResponse(
        {
            "found": number.number,
            "capped": number.capped,
            "up_to": timeline.newest_uid(request.access, found),
        }
    )


@require_GET
def days(request: PortalRequest, project_id: int) -> JsonResponse:
    """The days of the gallery and how many pictures each has, newest first."""
    project_for(request.access, project_id)
    found = timeline.days_of(request.access, project_id)
    return JsonResponse({"days": [[day.isoformat(), images] for day, images in found]})


def _part(access: Access, project: Project, found: Search, pages: Paging, start: Beginning) -> Part:
    if start.before is not None:
        return timeline.part_before(access, pages, start.before)
    if start.after is not None:
        return timeline.part_after(access, pages, start.after)
    place = None
    if start.at is not None:
        place = timeline.place_of_image(access, found, start.at)
    elif start.day is not None and found.sort is Sort.NEWEST:
        place = timeline.place_of_day(access, project, start.day)
    if place is None:
        return timeline.first_part(access, pages)
    return timeline.part_around(access, pages, place)


def _cards(
    project: Project,
    part: Part,
    *,
    query: str = "",
    is_by_day: bool,
    sizes: Mapping[UUID, int] | None = None,
) -> list[Card]:
    return wall_cards(
        part.rows,
        zone=timeline.zone_of(project.organization) if is_by_day else None,
        query=query,
        stacks=sizes,
    )


def _wants_stacks(request: PortalRequest) -> bool:
    """As the address says, else as the person left it in this browser."""
    return (request.GET.get("stacks") or request.COOKIES.get(STACKS_COOKIE, "")) == "1"


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
