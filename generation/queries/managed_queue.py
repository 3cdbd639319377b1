"""The work of others, for those who manage it: an organization's, or for operators everybody's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.models import Organization, Project, User
from accounts.queries.projects import projects_of
from accounts.roles import Permission
from generation.models import GenerationJob, GenerationRequest
from generation.queries.queue import in_order, requests_holding
from generation.queries.requests import Cursor
from generation.types import FINAL, OPEN, JobLane, JobStatus

PAGE_SIZE = 50
MOST_OPEN = 100
LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which jobs to show. Without a status those that are open; ended ones of the last days."""

    status: JobStatus | None = None
    person_id: int | None = None
    project_id: int | None = None
    lane: JobLane | None = None

    @property
    def is_ended(self) -> bool:
        """Whether it is about jobs that have ended."""
        return self.status in FINAL


@dataclass(frozen=True, slots=True)
class ManagedPage:
    """Some jobs in their order, and their requests, each holding those of its jobs.

    `cursor` begins the next page of ended jobs; `has_more` says that there are more open ones
    than are shown.
    """

    job_ids: list[UUID]
    requests: list[GenerationRequest]
    cursor: Cursor | None = None
    has_more: bool = False


def organizations_managed(access: Access) -> list[Organization]:
    """The organizations in which the actor manages a project, by name."""
    found = Organization.objects.visible_to(access).filter(
        projects__in=access.projects_with(Permission.MANAGE_PROJECT)
    )
    return list(found.distinct().order_by("name", "pk"))


def projects_managed(access: Access, organization: Organization) -> list[Project]:
    """The projects of the organization that the actor manages, by name.

    Raises:
        NotPermitted: none; `NotVisible` for strangers.
    """
    ids = access.projects_with(Permission.MANAGE_PROJECT)
    found = list(projects_of(access).filter(organization=organization, pk__in=ids))
    if not found:
        access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
    return found


def people_with_work(access: Access, organization: Organization | None) -> list[User]:
    """Whose jobs there are or were in the last days among those that the actor manages, by name."""
    recent = Q(status__in=sorted(OPEN)) | Q(finished_at__gte=timezone.now() - LOOKED_BACK)
    makers = _managed(access, organization).filter(recent).values("created_by")
    return list(User.objects.filter(pk__in=makers).order_by("name", "pk"))


def managed_page(
    access: Access,
    organization: Organization | None,
    wish: Wish,
    cursor: Cursor | None = None,
) -> ManagedPage:
    """The jobs that are wished for, of the projects that the actor manages in the organization.

    Without an organization those of the whole site, for its operators.
    """
    jobs = _wished(_managed(access, organization), wish)
    if wish.is_ended:
        return _ended(jobs, cursor)
    found = list(in_order(jobs).values_list("pk", flat=True)[: MOST_OPEN + 1])
    ids = found[:MOST_OPEN]
    return ManagedPage(ids, requests_holding(ids), has_more=len(found) > MOST_OPEN)


def managed_jobs(
    access: Access, organization: Organization | None, job_ids: Sequence[UUID]
) -> list[GenerationJob]:
    """Those of the jobs that the actor manages there, with their requests."""
    jobs = _managed(access, organization).filter(pk__in=job_ids)
    return list(
        jobs.select_related("request__project__organization", "project__organization").order_by(
            "queued_at", "pk"
        )
    )


def _managed(access: Access, organization: Organization | None) -> QuerySet[GenerationJob]:
    if organization is None:
        access.require_operator()
        return GenerationJob.objects.all()
    projects_managed(access, organization)
    managed = GenerationJob.objects.visible_to(access, Permission.MANAGE_PROJECT)
    return managed.filter(project__organization=organization)


def _wished(jobs: QuerySet[GenerationJob], wish: Wish) -> QuerySet[GenerationJob]:
    jobs = jobs.filter(status__in=[wish.status] if wish.status else sorted(OPEN))
    if wish.is_ended:
        jobs = jobs.filter(finished_at__gte=timezone.now() - LOOKED_BACK)
    if wish.person_id is not None:
        jobs = jobs.filter(created_by_id=wish.person_id)
    if wish.project_id is not None:
        jobs = jobs.filter(project_id=wish.project_id)
    if wish.lane is not None:
        jobs = jobs.filter(lane=wish.lane)
    return jobs


def _ended(jobs: QuerySet[GenerationJob], cursor: Cursor | None) -> ManagedPage:
    if cursor is not None:
        jobs = jobs.filter(cursor.below("finished_at"))
    rows = list(
        jobs.order_by("-finished_at", "-pk").values_list("pk", "finished_at")[: PAGE_SIZE + 1]
    )
    ids = [pk for pk, _at in rows[:PAGE_SIZE]]
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    following = Cursor(last[1], last[0]) if last and last[1] else None
    return ManagedPage(ids, requests_holding(ids), following)
