"""Finding projects and organizations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Organization, Project

PROJECT_NAME_TAKEN = _("The organization already has a project of this name. Choose another one.")


def projects_of(access: Access) -> QuerySet[Project]:
    """The projects the actor can see, with their organizations, by organization and name."""
    return (
        Project.objects.visible_to(access)
        .select_related("organization")
        .order_by("organization__name", "organization_id", "name")
    )


def project_for(access: Access, project_id: int) -> Project:
    """One project with its organization; `NotVisible` for strangers."""
    project = projects_of(access).filter(pk=project_id).first()
    if project is None:
        raise NotVisible
    return project


def project_among(projects: Iterable[Project], project_id: int) -> Project:
    """One of the projects that were read already; `NotVisible` for strangers."""
    for project in projects:
        if project.pk == project_id:
            return project
    raise NotVisible


def organizations_of(access: Access) -> QuerySet[Organization]:
    """The organizations the actor belongs to, by name."""
    return Organization.objects.visible_to(access).order_by("name", "pk")


def organization_for(access: Access, slug: str) -> Organization:
    """One organization by the short name in its address; `NotVisible` for strangers."""
    organization = organizations_of(access).filter(slug=slug).first()
    if organization is None:
        raise NotVisible
    return organization


def why_not_project_name(
    organization_id: int, name: str, *, besides: int | None = None
) -> Promise | None:
    """The sentence that refuses a project's name, or `None`; names are unique in a team."""
    taken = Project.objects.filter(organization_id=organization_id, name=name.strip())
    if besides is not None:
        taken = taken.exclude(pk=besides)
    if taken.exists():
        return PROJECT_NAME_TAKEN
    return None
