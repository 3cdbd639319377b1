"""What may be done to a request as a whole, for the pages that show it as a card."""

from __future__ import annotations

from dataclasses import dataclass

from generation.types import WAITING, JobStatus
from generation.views.showing import RequestCard
from generation.waiting_work import may_be_edited


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestOptions:
    """Which buttons stand beside a request; several pictures are meant, single ones have theirs."""

    may_edit: bool = False
    may_move: bool = False
    may_start_now: bool = False
    may_retry_failed: bool = False

    @property
    def may_put_off(self) -> bool:
        """Whether something waits, in the line or for its time."""
        return self.may_move or self.may_start_now


def options_of(card: RequestCard) -> RequestOptions:
    """What the reader of the card may do. Asks nothing: the card has its request's jobs."""
    jobs = [tile.job for tile in card.tiles]
    waits = any(tile.may_cancel and tile.job.status in WAITING for tile in card.tiles)
    failed = [tile for tile in card.tiles if tile.job.status == JobStatus.FAILED]
    return RequestOptions(
        may_edit=waits and may_be_edited(jobs),
        may_move=waits and any(job.status == JobStatus.QUEUED for job in jobs),
        may_start_now=waits and any(job.status == JobStatus.SCHEDULED for job in jobs),
        may_retry_failed=len(failed) > 1 and all(tile.may_retry for tile in failed),
    )
