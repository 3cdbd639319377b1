"""The tenant."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scoping import OrganizationScopedQuerySet


class OrganizationQuerySet(OrganizationScopedQuerySet["Organization"]):
    """Organizations, scoped by their own id."""

    organization_path = "id"


class Organization(models.Model):
    """A team that must not see another team's work."""

    NAME_LIMIT = 80

    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    slug = models.SlugField(_("short name in addresses"), max_length=50, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name
