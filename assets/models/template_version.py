"""The words of a prompt template at one point of its life."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import OrganizationScopedQuerySet
from assets.models.prompt_template import PromptTemplate
from assets.types import VersionStatus


class TemplateVersionQuerySet(OrganizationScopedQuerySet["TemplateVersion"]):
    """Versions, scoped by their template's organization."""

    organization_path = "template__organization_id"


class TemplateVersion(models.Model):
    """Prompt with `{variables}`, negative prompt and suggested settings.

    A draft may be edited; a published version never changes, because images point at it.
    `defaults` may hold width, height, steps, cfg and one example value per variable.
    """

    PROMPT_LIMIT = 4000

    template = models.ForeignKey(PromptTemplate, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(
        max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    prompt = models.TextField(_("prompt"), max_length=PROMPT_LIMIT)
    negative_prompt = models.TextField(_("negative prompt"), max_length=PROMPT_LIMIT, blank=True)
    defaults = models.JSONField(default=dict)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("template version")
        verbose_name_plural = _("template versions")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="version_number_is_unique"),
            models.UniqueConstraint(
                fields=["template"],
                condition=Q(status=VersionStatus.DRAFT),
                name="one_draft_per_template",
            ),
            models.CheckConstraint(
                condition=Q(status=VersionStatus.DRAFT, published_at__isnull=True)
                | Q(status=VersionStatus.PUBLISHED, published_at__isnull=False),
                name="a_published_version_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new version or a draft; refuse to touch a published one."""
        if self.pk is not None:
            stored = TemplateVersion.objects.filter(pk=self.pk).values_list("status", flat=True)
            if stored.first() == VersionStatus.PUBLISHED:
                message = "A published version never changes; start a new draft instead."
                raise TypeError(message)
        super().save(*args, **kwargs)
