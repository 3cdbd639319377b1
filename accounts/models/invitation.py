"""A link that makes somebody a member."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.membership import ROLE_LABELS, Membership
from accounts.models.organization import Organization
from accounts.models.project import Project
from accounts.models.user import User
from accounts.roles import PROJECT_PERMISSIONS, Permission
from accounts.scoping import OrganizationScopedQuerySet

INVITING_ROLES = [
    role.value
    for role, permissions in PROJECT_PERMISSIONS.items()
    if Permission.MANAGE_MEMBERS in permissions
]


class InvitationQuerySet(OrganizationScopedQuerySet["Invitation"]):
    """Invitations, scoped by organization."""

    def open(self) -> InvitationQuerySet:
        """Those that can still be accepted.

        An invitation is worth no more than its inviter: it closes when they lose the right to
        invite, so that nobody keeps a door of their own after leaving.
        """
        backing = Membership.objects.filter(
            Q(project__isnull=True) | Q(project_id=OuterRef("project_id")),
            user_id=OuterRef("invited_by_id"),
            organization_id=OuterRef("organization_id"),
            user__is_active=True,
            is_active=True,
            role__in=INVITING_ROLES,
        )
        return self.filter(
            Q(invited_by__isnull=True) | Exists(backing),
            accepted_at__isnull=True,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
        )


class Invitation(models.Model):
    """An open door for one address. Only the hash of the link's secret is stored."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="invitations", null=True, blank=True
    )
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=10, choices=ROLE_LABELS)
    secret_hash = models.CharField(max_length=64, unique=True)
    # Empty when the operator of the site invites, for the first admin of an organization.
    invited_by = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["organization", "-created_at"], name="invitation_newest")]

    def __str__(self) -> str:
        return self.email
