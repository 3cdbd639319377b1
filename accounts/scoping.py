"""The one way to read tenant data: start every read at `.visible_to(access)`."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from accounts.access import Access
from accounts.roles import Permission

ModelT = TypeVar("ModelT", bound=models.Model)


class ProjectScopedQuerySet(models.QuerySet[ModelT]):
    """Rows that belong to a project through `project_path`."""

    project_path = "project_id"

    def visible_to(self, access: Access, permission: Permission = Permission.VIEW_GALLERY) -> Self:
        """Rows of the projects on which the actor holds the permission.

        The ids are passed as a list, not as a sub-query: PostgreSQL plans the list well.
        """
        if access.unrestricted:
            return self
        return self.filter(**{f"{self.project_path}__in": access.projects_with(permission)})


class OrganizationScopedQuerySet(models.QuerySet[ModelT]):
    """Rows that belong to an organization through `organization_path`."""

    organization_path = "organization_id"

    def visible_to(
        self, access: Access, permission: Permission = Permission.VIEW_ORGANIZATION
    ) -> Self:
        """Rows of the organizations on which the actor holds the permission."""
        if access.unrestricted:
            return self
        return self.filter(
            **{f"{self.organization_path}__in": access.organizations_with(permission)}
        )
