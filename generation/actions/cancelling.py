"""Taking back everything that one has asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.models import Project
from accounts.roles import Permission
from generation.models import GenerationJob
from generation.news import tell_line_changed, tell_queue_moved
from generation.types import OPEN, WAITING, JobStatus
from generation.waiting_work import hold_line_of


@transaction.atomic
def cancel_own(*, access: Access, person_id: int, project: Project | None = None) -> int:
    """Cancel what the person has not finished, in one project or everywhere; return how many.

    Running pictures stop at their next step.
    """
    access.require_person(person_id, by_token=True)
    if project is not None:
        access.require(Permission.REQUEST_IMAGES, project.pk)
    hold_line_of(person_id)
    own = GenerationJob.objects.visible_to(access, Permission.REQUEST_IMAGES).filter(
        created_by_id=person_id, status__in=sorted(OPEN)
    )
    if project is not None:
        own = own.filter(project_id=project.pk)
    # The rows in the order in which those that are due are released, so that neither waits.
    held = own.order_by("start_at", "position", "pk").select_for_update()
    jobs = dict(held.values_list("pk", "project_id"))
    cancelled = _cancel(GenerationJob.objects.filter(pk__in=jobs))
    if cancelled:
        _record(access, jobs.values())
        transaction.on_commit(partial(tell_line_changed, person_id))
        transaction.on_commit(tell_queue_moved)
    return min(cancelled, len(jobs))


def _cancel(jobs: QuerySet[GenerationJob]) -> int:
    """Whatever becomes of them meanwhile, each is cancelled or asked to stop, or has ended.

    The second look at those that wait is for pictures that a worker has just handed back.
    """
    now = timezone.now()
    waiting = jobs.filter(status__in=sorted(WAITING))
    cancelled = {"status": JobStatus.CANCELLED, "finished_at": now, "cancel_requested_at": now}
    taken_out = waiting.update(**cancelled)
    stopped = jobs.filter(status=JobStatus.RUNNING).update(cancel_requested_at=now)
    return taken_out + stopped + waiting.update(**cancelled)


def _record(access: Access, project_ids: Collection[int]) -> None:
    counts = Counter(project_ids)
    for project in Project.objects.filter(pk__in=counts):
        record(
            access,
            "generation.work.cancelled",
            project,
            organization_id=project.organization_id,
            project_id=project.pk,
            count=counts[project.pk],
        )
