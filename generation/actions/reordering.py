"""Changing the order in which one person's own pictures are made.

A place is only ever exchanged with other pictures of the same person, so that nobody else waits
longer or shorter. Nothing is claimed meanwhile: a claim sees the order before or the one after.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from generation.models import GenerationJob, GenerationRequest
from generation.moves import Move, moved, positions_for
from generation.news import tell_line_changed
from generation.types import JobStatus
from generation.waiting_work import hold_waiting

WRITTEN_AT_ONCE = 500


@transaction.atomic
def move_pictures(
    *,
    access: Access,
    request: GenerationRequest,
    to: Move,
    only: Collection[UUID] | None = None,
) -> bool:
    """Move pictures of a request in their maker's line, all that wait or those `only`.

    Together they pass one other request, single ones one other picture. Lanes and priorities go
    before the place in the line, so each of them is a line of its own. Returns whether anything
    changed.

    Raises:
        InvalidTransition: none of them stands in the line any more.
    """
    access.require_work_of(request.created_by_id, request.project_id)
    chosen = hold_waiting(request, only).filter(status=JobStatus.QUEUED)
    lines = set(chosen.values_list("lane", "priority"))
    if not lines:
        raise InvalidTransition(_("Only pictures that stand in the line can be moved."))
    whole_line = _line_of(access, request)
    changed = False
    for lane, priority in lines:
        changed |= _move(
            whole_line.filter(lane=lane, priority=priority),
            set(chosen.filter(lane=lane, priority=priority).values_list("pk", flat=True)),
            to,
            by_request=only is None,
        )
    if changed:
        record(
            access,
            "generation.request.moved",
            request,
            organization_id=request.project.organization_id,
            project_id=request.project_id,
            to=to.value,
        )
        transaction.on_commit(partial(tell_line_changed, request.created_by_id))
    return changed


def _line_of(access: Access, request: GenerationRequest) -> QuerySet[GenerationJob]:
    """The pictures among which a place may be exchanged.

    One's own in the whole organization; others move somebody's pictures inside the project only.
    """
    line = GenerationJob.objects.filter(
        created_by_id=request.created_by_id, status=JobStatus.QUEUED
    )
    if access.user_id == request.created_by_id:
        return line.filter(project__organization_id=request.project.organization_id)
    return line.filter(project_id=request.project_id)


def _move(
    line: QuerySet[GenerationJob], chosen: Collection[UUID], to: Move, *, by_request: bool
) -> bool:
    rows = list(
        line.order_by("position", "request_id", "index").values_list("pk", "request_id", "position")
    )
    groups = {pk: request_id if by_request else pk for pk, request_id, _position in rows}
    before = list(groups)
    after = moved(before, chosen, to, group=groups.__getitem__)
    if after == before:
        return False
    old = {pk: position for pk, _request_id, position in rows}
    new = dict(zip(after, positions_for(old.values()), strict=True))
    line.bulk_update(
        [GenerationJob(pk=pk, position=place) for pk, place in new.items() if place != old[pk]],
        ["position"],
        batch_size=WRITTEN_AT_ONCE,
    )
    return True
