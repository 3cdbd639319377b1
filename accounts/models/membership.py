"""What people edit when they give somebody a role."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.models.project import Project
from accounts.models.user import User
from accounts.roles import Role
from accounts.scoping import OrganizationScopedQuerySet

ROLE_LABELS = [
    (Role.USER.value, _("User")),
    (Role.REVIEWER.value, _("Reviewer")),
    (Role.ADMIN.value, _("Admin")),
]


class MembershipQuerySet(OrganizationScopedQuerySet["Membership"]):
    """Memberships, scoped by organization."""


class Membership(models.Model):
    """A person's role in an organization: for all its projects, or for one.

    Guardian's rows (`ProjectGrant`) are derived from these by `accounts.grants`, in the same
    transaction. A deactivated membership grants nothing and keeps its place in the history.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        related_name="memberships",
        null=True,
        blank=True,
        verbose_name=_("project"),
    )
    role = models.CharField(_("role"), max_length=10, choices=ROLE_LABELS)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=Q(project__isnull=True),
                name="one_membership_for_the_organization",
            ),
            models.UniqueConstraint(
                fields=["user", "project"],
                condition=Q(project__isnull=False),
                name="one_membership_per_project",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
