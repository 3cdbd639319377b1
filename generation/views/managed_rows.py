"""The work of others as rows: what it is, whose, where it stands, and what may be done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.access import Access
from accounts.roles import Permission
from generation.models import GenerationJob, GenerationRequest
from generation.queries.managed_queue import ManagedPage
from generation.types import JobPriority, JobStatus
from generation.views.showing import JobTile, cards_of
from generation.wording import ago_words, lane_label, scheduled_words


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedRow:
    """One picture of somebody's. `knows_words` is whether the reader may read the prompt."""

    request: GenerationRequest
    tile: JobTile
    starts: str = ""
    knows_words: bool = False

    @property
    def job(self) -> GenerationJob:
        """The picture."""
        return self.tile.job

    @property
    def since(self) -> str:
        """How long ago it was asked for, or has ended."""
        return ago_words(self.job.finished_at or self.job.queued_at)

    @property
    def lane_label(self) -> str:
        """The lane in words, where it is worth a word."""
        return lane_label(self.job.lane)

    @property
    def priority_label(self) -> str:
        """The priority in words, where it is worth a word."""
        return str(JobPriority(self.job.priority).label) if self.job.priority else ""


def managed_rows(access: Access, page: ManagedPage) -> Sequence[ManagedRow]:
    """The jobs of the page in their order."""
    now = timezone.now()
    rows = {
        tile.job.pk: _row(access, card.request, tile, now)
        for card in cards_of(access, page.requests)
        for tile in card.tiles
    }
    return [rows[job_id] for job_id in page.job_ids if job_id in rows]


def _row(access: Access, request: GenerationRequest, tile: JobTile, now: datetime) -> ManagedRow:
    zone = request.project.organization.time_zone
    starts = tile.job.start_at if tile.job.status == JobStatus.SCHEDULED else None
    return ManagedRow(
        request=request,
        tile=tile,
        starts=scheduled_words(starts, zone, now) if starts else "",
        knows_words=access.allows(Permission.VIEW_GALLERY, request.project_id),
    )
