"""Moving waiting pictures to another lane, and saying how urgent they are."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from generation.dispatch import ring
from generation.models import GenerationRequest
from generation.news import tell_line_changed, tell_queue_moved
from generation.types import JobLane, JobPriority
from generation.waiting_work import hold_waiting


@transaction.atomic
def change_lane(
    *,
    access: Access,
    request: GenerationRequest,
    lane: JobLane,
    only: Collection[UUID] | None = None,
) -> int:
    """Let pictures of a request wait in another lane, all that wait or those `only`.

    Returns how many were in another one before.

    Raises:
        InvalidTransition: none of them waits any more.
    """
    access.require_work_of(request.created_by_id, request.project_id)
    changed = hold_waiting(request, only).exclude(lane=lane).update(lane=lane)
    if changed:
        _record(access, "lane_changed", request, count=changed, lane=lane.name.lower())
    return changed


@transaction.atomic
def set_priority(
    *,
    access: Access,
    request: GenerationRequest,
    priority: int,
    only: Collection[UUID] | None = None,
) -> int:
    """Let waiting pictures of a request pass those with a lower priority, or give way to others.

    For admins of the project: a priority moves people's work past that of others. Returns how many
    had another one before.

    Raises:
        InvalidInput: there is no such priority.
        InvalidTransition: none of them waits any more.
    """
    access.require_to_manage_work(request.project_id)
    if priority not in JobPriority.values:
        raise InvalidInput(_("A priority is -1, 0 or 1."), field="priority")
    changed = hold_waiting(request, only).exclude(priority=priority).update(priority=priority)
    if changed:
        name = JobPriority(priority).name.lower()
        _record(access, "prioritized", request, count=changed, priority=name)
    return changed


def _record(access: Access, happened: str, request: GenerationRequest, **data: str | int) -> None:
    record(
        access,
        f"generation.request.{happened}",
        request,
        organization_id=request.project.organization_id,
        project_id=request.project_id,
        **data,
    )
    transaction.on_commit(lambda: _tell(request.created_by_id))


def _tell(person_id: int) -> None:
    """Everybody's place may have changed; the maker's page shows more than the place."""
    tell_line_changed(person_id)
    tell_queue_moved()
    ring()
