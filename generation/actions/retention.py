"""Deleting finished requests that were kept long enough.

Pictures stay: an image carries everything that is known about it and points at no request. What is
due changes once a day, at midnight in the organization's time zone, so that a day's work can be
told in one entry of the audit trail, however many small batches delete it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.models import AuditEvent, Organization, Project
from generation.models import (
    GenerationJob,
    GenerationRequest,
    OrganizationPolicy,
    UsagePolicy,
)
from generation.queries.limits import rules_for
from generation.quotas import Period, period_start
from generation.types import FINAL
from generation.wall_clock import moment_of

DELETED = "generation.work.deleted"
DELETED_AT_ONCE = 200


def delete_old_work(*, access: Access, most: int = DELETED_AT_ONCE) -> int:
    """Delete requests with all their jobs, at most so many; return how many.

    A request is due when each of its pictures was finished longer ago than the policy of its
    project or organization keeps them. To be called again and again.
    """
    access.require_system()
    now = timezone.now()
    deleted = 0
    for organization in _organizations_that_delete():
        if deleted < most:
            deleted += _delete(access, organization, now, most - deleted)
    return deleted


def _organizations_that_delete() -> QuerySet[Organization]:
    """Those with a policy that says how long, of their own or of a project."""
    own = OrganizationPolicy.objects.filter(retention_days__isnull=False).values("organization")
    of_projects = UsagePolicy.objects.filter(retention_days__isnull=False)
    return Organization.objects.filter(
        Q(pk__in=own) | Q(pk__in=of_projects.values("project__organization"))
    ).order_by("pk")


@transaction.atomic
def _delete(access: Access, organization: Organization, now: datetime, most: int) -> int:
    cutoffs = _cutoffs(organization, now)
    due = [
        request_id
        for project_id, cutoff in cutoffs.items()
        for request_id in _due(project_id, cutoff).values_list("pk", flat=True)[:most]
    ][:most]
    if not due:
        return 0
    _tell_once_a_day(access, organization, cutoffs, now)
    gone = list(_still_due(due, cutoffs))
    GenerationJob.objects.filter(request_id__in=gone).delete()
    GenerationRequest.objects.filter(pk__in=gone).delete()
    return len(gone)


def _cutoffs(organization: Organization, now: datetime) -> dict[int, datetime]:
    """Before when the requests of each project have to be finished to be due."""
    zone = ZoneInfo(organization.time_zone)
    today = now.astimezone(zone).date()
    projects = Project.objects.filter(organization=organization).values_list("pk", flat=True)
    return {
        project_id: moment_of(today - timedelta(days=rules.retention_days), time(0), zone)
        for project_id, rules in sorted(rules_for(list(projects)).items())
        if rules.retention_days is not None
    }


def _due(project_id: int, cutoff: datetime) -> QuerySet[GenerationRequest]:
    """The requests whose pictures were all finished before, the oldest first."""
    younger = GenerationJob.objects.filter(request=OuterRef("pk")).exclude(
        status__in=sorted(FINAL), finished_at__lt=cutoff
    )
    requests = GenerationRequest.objects.filter(project_id=project_id, created_at__lt=cutoff)
    return requests.filter(~Exists(younger)).order_by("created_at")


def _still_due(due: list[UUID], cutoffs: Mapping[int, datetime]) -> Iterator[UUID]:
    """Those of the requests that nobody has tried again meanwhile; nobody can any more."""
    jobs = GenerationJob.objects.select_for_update().filter(request_id__in=due).order_by("pk")
    kept = {
        job.request_id
        for job in jobs
        if not job.is_final or job.finished_at is None or job.finished_at >= cutoffs[job.project_id]
    }
    return (request_id for request_id in due if request_id not in kept)


def _tell_once_a_day(
    access: Access, organization: Organization, cutoffs: Mapping[int, datetime], now: datetime
) -> None:
    """Write down how much is due today, unless that was done with the first of its batches."""
    zone = ZoneInfo(organization.time_zone)
    names = Project.objects.in_bulk(list(cutoffs))
    before = {
        str(names[project_id]): cutoff.astimezone(zone).date().isoformat()
        for project_id, cutoff in cutoffs.items()
    }
    today = AuditEvent.objects.filter(
        organization=organization,
        action=DELETED,
        at__gte=period_start(Period.DAY, now, organization.time_zone),
    )
    if any(event.data.get("before") == before for event in today):
        return
    counts = {
        str(names[project_id]): _due(project_id, cutoff).count()
        for project_id, cutoff in cutoffs.items()
    }
    record(
        access,
        DELETED,
        organization,
        organization_id=organization.pk,
        count=sum(counts.values()),
        counts=counts,
        before=before,
    )
