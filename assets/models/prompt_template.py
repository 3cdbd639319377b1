"""An entry of an organization's prompt library."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.scoping import OrganizationScopedQuerySet


class PromptTemplateQuerySet(OrganizationScopedQuerySet["PromptTemplate"]):
    """Templates, scoped by organization."""


class PromptTemplate(models.Model):
    """A named prompt with blanks; its words live in its versions."""

    NAME_LIMIT = 80

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="prompt_templates"
    )
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    description = models.CharField(_("description"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = PromptTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt template")
        verbose_name_plural = _("prompt templates")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="template_name_is_unique_in_organization"
            ),
        ]

    def __str__(self) -> str:
        return self.name
