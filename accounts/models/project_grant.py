"""django-guardian's rows, with a real foreign key to Project."""

from __future__ import annotations

from django.db import models
from guardian.models import UserObjectPermissionBase

from accounts.models.project import Project


class ProjectGrant(UserObjectPermissionBase):
    """One permission of one person on one project. Written by `accounts.grants` alone."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
