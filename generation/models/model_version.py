"""A model that can be served."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ModelVersion(models.Model):
    """A model under one name and revision, and the settings that suit it.

    Models belong to the site, not to an organization. `engine` is a key of
    `settings.GENERATION_ENGINES`; a worker serves the models whose engine it has.
    """

    name = models.CharField(_("name"), max_length=80)
    revision = models.CharField(_("revision"), max_length=80, default="main")
    engine = models.CharField(_("engine"), max_length=40)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    default_steps = models.PositiveIntegerField(_("steps"), default=8)
    default_cfg = models.FloatField(_("CFG"), default=1.0)
    seconds_per_tflop = models.FloatField(null=True, blank=True)  # measured; None before
    size_multiple = models.PositiveIntegerField(default=16)
    is_preview = models.BooleanField(_("preview"), default=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    is_default = models.BooleanField(_("default"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        constraints = [
            models.UniqueConstraint(fields=["name", "revision"], name="model_version_is_unique"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_model"
            ),
        ]

    def __str__(self) -> str:
        return self.name
