"""Who did what to which object, when. Append-only."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organization import Organization
from accounts.models.project import Project
from accounts.scoping import OrganizationScopedQuerySet


class AuditEventQuerySet(OrganizationScopedQuerySet["AuditEvent"]):
    """Audit events, scoped by organization."""


class AuditEvent(models.Model):
    """One fact. The actor and the target are kept as words too, so that they outlive their rows."""

    at = models.DateTimeField(auto_now_add=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="audit_events", null=True
    )
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, related_name="audit_events", null=True
    )
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120)
    token_prefix = models.CharField(max_length=16, blank=True)
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    target_label = models.CharField(max_length=160)
    ip = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["organization", "-id"], name="audit_newest_first"),
            models.Index(fields=["target_type", "target_id"], name="audit_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.target_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; an event that is already written cannot be changed."""
        if self.pk is not None:
            message = "An audit event is never changed."
            raise TypeError(message)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the trail is append-only."""
        message = "An audit event is never deleted."
        raise TypeError(message)
