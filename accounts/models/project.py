"""The unit that every permission is asked on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.roles import Permission
from accounts.scoping import ProjectScopedQuerySet


class ProjectQuerySet(ProjectScopedQuerySet["Project"]):
    """Projects, scoped by their own id."""

    project_path = "id"


class Project(models.Model):
    """A body of work inside one organization: its requests, its gallery, its reviews."""

    NAME_LIMIT = 80

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="projects"
    )
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    description = models.TextField(_("description"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="project_name_is_unique_in_organization"
            ),
        ]
        default_permissions = ()
        permissions = [
            (Permission.VIEW_GALLERY.value, "See the gallery"),
            (Permission.REQUEST_IMAGES.value, "Request images"),
            (Permission.SUBMIT_IMAGES.value, "Submit own images for review"),
            (Permission.ORGANIZE_IMAGES.value, "Tag, collect, import and tidy up images"),
            (Permission.REVIEW_IMAGES.value, "Review images"),
            (Permission.MANAGE_PROJECT.value, "Change the project and its policy"),
            (Permission.MANAGE_MEMBERS.value, "Manage members"),
            (Permission.VIEW_AUDIT.value, "See the audit trail"),
        ]

    def __str__(self) -> str:
        return self.name
