"""Creating and describing projects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import IntegrityError, transaction

from accounts import grants, live
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from accounts.models import Membership, Organization, Project
from accounts.queries.projects import PROJECT_NAME_TAKEN, why_not_project_name
from accounts.roles import Permission


@transaction.atomic
def create_project(
    *, access: Access, organization: Organization, name: str, description: str = ""
) -> Project:
    """Begin a project; it is open at once to all members of the whole organization."""
    access.require_in_organization(Permission.CREATE_PROJECTS, organization.pk)
    name = name.strip()
    if obstacle := why_not_project_name(organization.pk, name):
        raise InvalidInput(obstacle, field="name")
    with _a_free_name():
        project = Project.objects.create(
            organization=organization, name=name, description=description.strip()
        )
    grants.apply_to_members(organization_id=organization.pk)
    everywhere = Membership.objects.filter(
        organization=organization, project__isnull=True, is_active=True
    )
    for user_id in everywhere.values_list("user_id", flat=True):
        transaction.on_commit(partial(live.tell_access_changed, user_id))
    record(
        access,
        "accounts.project.created",
        project,
        organization_id=organization.pk,
        project_id=project.pk,
    )
    return project


@transaction.atomic
def rename_project(*, access: Access, project: Project, name: str, description: str) -> Project:
    """Change what the project is called and what it says about itself."""
    access.require(Permission.MANAGE_PROJECT, project.pk)
    name, description = name.strip(), description.strip()
    before = project.name
    if (before, project.description) == (name, description):
        return project
    if obstacle := why_not_project_name(project.organization_id, name, besides=project.pk):
        raise InvalidInput(obstacle, field="name")
    project.name, project.description = name, description
    with _a_free_name():
        project.save(update_fields=["name", "description"])
    happened = "renamed" if before != name else "described"
    record(
        access,
        f"accounts.project.{happened}",
        project,
        organization_id=project.organization_id,
        project_id=project.pk,
        before=before,
        after=name,
    )
    return project


@contextmanager
def _a_free_name() -> Iterator[None]:
    """Refuse a name that somebody else took since it was asked for."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidInput(PROJECT_NAME_TAKEN, field="name") from error
