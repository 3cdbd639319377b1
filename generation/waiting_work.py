"""Pictures that wait, and when they join the line: steps inside the transaction of an action.

Locks are taken in one order: the line of the maker, then the ledger, then the rows of jobs; rows
that run are never waited for while the ledger is held, because a worker that ends one takes the
ledger last.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidTransition
from accounts.models import User
from generation.ledgers import lock_ledger
from generation.models import GenerationJob, GenerationRequest
from generation.types import WAITING, JobStatus

BEGUN = _("This has begun or ended in the meantime: it can no longer be changed.")


def hold_line_of(person_id: int) -> None:
    """Let what a person asks, edits and takes back come one after the other, until this ends."""
    User.objects.select_for_update(no_key=True).get(pk=person_id)


def hold_waiting(
    request: GenerationRequest, only: Collection[UUID] | None
) -> QuerySet[GenerationJob]:
    """The pictures of the request that wait, or those `only`, while nobody can claim one.

    Raises:
        InvalidTransition: none of them waits any more.
    """
    hold_line_of(request.created_by_id)
    lock_ledger()
    waiting = GenerationJob.objects.filter(request_id=request.pk, status__in=sorted(WAITING))
    if only is not None:
        waiting = waiting.filter(pk__in=only)
    if not waiting.exists():
        raise InvalidTransition(BEGUN)
    return waiting


def let_start(jobs: QuerySet[GenerationJob], moment: datetime | None, now: datetime) -> int:
    """Let waiting jobs join the line at a moment, `None` for at once; return how many changed.

    Those that stand in the line already keep their place when it is "at once".
    """
    if moment is None:
        return jobs.filter(status=JobStatus.SCHEDULED).update(
            status=JobStatus.QUEUED, start_at=None, queued_at=now
        )
    return jobs.filter(status__in=sorted(WAITING)).update(
        status=JobStatus.SCHEDULED, start_at=moment
    )


def has_begun(job: GenerationJob) -> bool:
    """Whether anything of the picture has been made already, or tried."""
    return job.attempts > 0 or job.status not in WAITING | {JobStatus.CANCELLED}


def may_be_edited(jobs: Sequence[GenerationJob]) -> bool:
    """Whether none of a request's pictures has begun, and at least one still waits."""
    return any(job.status in WAITING for job in jobs) and not any(map(has_begun, jobs))
