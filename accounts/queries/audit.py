"""Reading the audit trail, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.access import Access
from accounts.models import AuditEvent, Organization
from accounts.queries.projects import projects_of
from accounts.roles import Permission

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Some events and, when there are older ones, the id to ask for them with."""

    events: list[AuditEvent]
    before: int | None


def trail_of(
    access: Access,
    organization: Organization,
    *,
    person_id: int | None = None,
    action: str = "",
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> TrailPage:
    """The events of the organization, or of those of its projects whose trail the actor may see.

    `before` is the id from the last page: pages stay put while new events arrive.
    """
    events = _events(access, organization).select_related("project").order_by("-id")
    if person_id is not None:
        events = events.filter(actor_id=person_id)
    if action:
        events = events.filter(action=action)
    return _page(events, before, size)


def site_trail(access: Access, *, before: int | None = None, size: int = PAGE_SIZE) -> TrailPage:
    """What concerns the site and no organization, for those who operate it."""
    access.require_operator()
    events = AuditEvent.objects.filter(organization__isnull=True)
    return _page(events.select_related("project").order_by("-id"), before, size)


def actor_label(access: Access, organization: Organization, person_id: int) -> str | None:
    """What the trail calls somebody who may have left; `None` if it does not know them."""
    events = _events(access, organization).filter(actor_id=person_id).order_by("-id")
    return events.values_list("actor_label", flat=True).first()


def _page(events: QuerySet[AuditEvent], before: int | None, size: int) -> TrailPage:
    if before is not None:
        events = events.filter(id__lt=before)
    found = list(events[: size + 1])
    more = len(found) > size
    return TrailPage(found[:size], found[size - 1].pk if more else None)


def _events(access: Access, organization: Organization) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.visible_to(access).filter(organization=organization)
    if access.allows_in_organization(Permission.VIEW_AUDIT, organization.pk):
        return events
    projects = [
        project.pk
        for project in projects_of(access).filter(organization=organization)
        if access.allows(Permission.VIEW_AUDIT, project.pk)
    ]
    if not projects:
        access.require_in_organization(Permission.VIEW_AUDIT, organization.pk)
    return events.filter(project__in=projects)
