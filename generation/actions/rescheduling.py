"""Changing when waiting pictures may start: at a time, or at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from generation.admission import check_hours
from generation.dispatch import ring
from generation.models import GenerationRequest
from generation.news import tell_line_changed, tell_queue_moved
from generation.queries.limits import rules_for
from generation.start_times import first_start, why_not_at
from generation.types import JobLane
from generation.waiting_work import hold_waiting, let_start


@transaction.atomic
def reschedule(
    *,
    access: Access,
    request: GenerationRequest,
    moment: datetime | None,
    lane: JobLane | None = None,
    only: Collection[UUID] | None = None,
) -> datetime | None:
    """Let pictures of a request start at another moment, all that wait or those `only`.

    `None` says at once; with a `lane` they wait in it from then on. Returns when they will join
    the line: later than `moment` where the working hours begin later, `None` for at once.

    Raises:
        InvalidInput: the moment has passed, or is too far away.
        LimitExceeded: the project takes no work for outside the working hours.
        InvalidTransition: none of them waits any more.
    """
    access.require_work_of(request.created_by_id, request.project_id)
    now = timezone.now()
    if moment is not None and (refusal := why_not_at(moment, now)):
        raise InvalidInput(refusal, field="start_at")
    rules = rules_for([request.project_id])[request.project_id]
    check_hours(rules, moment, now)
    starts = first_start(moment, rules.limits, now)
    waiting = hold_waiting(request, only)
    changed = waiting.exclude(lane=lane).update(lane=lane) if lane is not None else 0
    changed += let_start(waiting, starts, now)
    if changed:
        record(
            access,
            "generation.request.rescheduled",
            request,
            organization_id=request.project.organization_id,
            project_id=request.project_id,
            start_at=starts.isoformat() if starts else None,
            **({} if lane is None else {"lane": lane.name.lower()}),
        )
        transaction.on_commit(partial(tell_line_changed, request.created_by_id))
        transaction.on_commit(tell_queue_moved)
        transaction.on_commit(ring)
    return starts
