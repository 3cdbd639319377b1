"""The queue as its pages show it: rows of one's own work, and the line with everybody in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from accounts.access import Access
from generation.forms.start_choice import WHEN_OF_LANE
from generation.models import GenerationJob, GenerationRequest
from generation.queries.queue import (
    LineEntry,
    OwnWork,
    QueueTotals,
    line_of_everybody,
    own_work,
    queue_totals,
)
from generation.types import JobPriority, JobStatus
from generation.views.showing import JobTile, RequestCard, cards_of
from generation.wording import lane_label, scheduled_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Pictures of one request that stand together: all running, waiting or scheduled alike.

    `starts` says when scheduled ones start. `may_edit` is whether none of the whole request has
    begun; `is_first` and `is_last` whether others of the person's stand before and after them.
    """

    request: GenerationRequest
    tiles: Sequence[JobTile]
    starts: str = ""
    may_change: bool = False
    may_edit: bool = False
    is_first: bool = False
    is_last: bool = False

    @property
    def job(self) -> GenerationJob:
        """The first of the pictures."""
        return self.tiles[0].job

    @property
    def key(self) -> str:
        """What tells the row from others on the page, also after it was moved."""
        return f"{self.request.pk}-{self.job.status}-{self.job.lane}-{self.job.priority}"

    @property
    def picture(self) -> int:
        """Which picture of the request the first one is, counted from 1."""
        return self.job.index + 1

    @property
    def lane_label(self) -> str:
        """The lane in words, where it is worth a word."""
        return lane_label(self.job.lane)

    @property
    def lanes(self) -> list[tuple[str, str | Promise, bool]]:
        """The lanes to choose from: what the form calls each, its label, whether it is this one."""
        in_line = self.job.status == JobStatus.QUEUED
        return [
            (when.value, when.label, in_line and lane == self.job.lane)
            for lane, when in WHEN_OF_LANE.items()
        ]

    @property
    def priority_label(self) -> str:
        """The priority in words, where it is worth a word."""
        return str(JobPriority(self.job.priority).label) if self.job.priority else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Everything on the page of the queue."""

    work: OwnWork
    running: Sequence[Row]
    waiting: Sequence[Row]
    scheduled: Sequence[Row]
    line: Sequence[LineEntry]
    totals: QueueTotals

    @property
    def hidden(self) -> int:
        """How many more pictures of one's own there are than are shown."""
        return self.work.total - self.work.shown


def queue_page(access: Access) -> QueuePage:
    """The queue as the actor sees it now, in a constant number of queries."""
    work = own_work(access)
    cards = cards_of(access, work.requests)
    now = timezone.now()
    rows = [row for card in cards for row in _rows(card, work.begun, now)]
    waiting = _in_line(row for row in rows if row.job.status == JobStatus.QUEUED)
    scheduled = [row for row in rows if row.job.status == JobStatus.SCHEDULED]
    return QueuePage(
        work=work,
        running=[row for row in rows if row.job.status == JobStatus.RUNNING],
        waiting=waiting,
        scheduled=sorted(scheduled, key=lambda row: row.job.start_at or now),
        line=line_of_everybody(access, [tile.job.pk for row in waiting for tile in row.tiles]),
        totals=queue_totals(),
    )


def _rows(card: RequestCard, begun: frozenset[UUID], now: datetime) -> Iterable[Row]:
    request = card.request
    zone = request.project.organization.time_zone
    for _alike, group in groupby(card.tiles, key=lambda tile: _alike_key(tile.job)):
        tiles = list(group)
        job = tiles[0].job
        starts = job.start_at if job.status == JobStatus.SCHEDULED else None
        yield Row(
            request=request,
            tiles=tiles,
            starts=scheduled_words(starts, zone, now) if starts else "",
            may_change=card.may_cancel,
            may_edit=card.may_cancel and request.pk not in begun,
        )


def _alike_key(job: GenerationJob) -> tuple[object, ...]:
    is_scheduled = job.status == JobStatus.SCHEDULED
    one_by_one = job.pk if job.status == JobStatus.RUNNING else None
    return job.status, job.lane, job.priority, job.start_at if is_scheduled else None, one_by_one


def _in_line(rows: Iterable[Row]) -> list[Row]:
    """The rows in the order of the person's lines, each knowing whether it can be moved."""
    found = sorted(rows, key=_place_in_line)
    lines = [(row.request.project.organization_id, *_place_in_line(row)[:2]) for row in found]
    return [
        replace(
            row,
            is_first=at == lines.index(lines[at]),
            is_last=lines[at] not in lines[at + 1 :],
        )
        for at, row in enumerate(found)
    ]


def _place_in_line(row: Row) -> tuple[int, int, int, UUID]:
    job = row.job
    return job.lane, -job.priority, job.position, job.request_id
