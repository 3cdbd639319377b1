"""A model that can be served."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.tiers import DEFAULT_TIERS, Tier, tiers_from_json


class ModelVersion(models.Model):
    """A model under one name and revision, and the settings that suit it.

    Models belong to the site, not to an organization. `engine` is a key of
    `settings.GENERATION_ENGINES`; a worker serves the models whose engine it has. A model that is
    not enabled takes no new requests; what already waits for it is still made. A retired one is
    gone for good. Both are what an operator wishes; `is_served` is what is so: some machine has the
    engine. The default model keeps that mark while it cannot be chosen.
    """

    name = models.CharField(_("name"), max_length=80)
    revision = models.CharField(_("revision"), max_length=80, default="main")
    engine = models.CharField(_("engine"), max_length=40)
    licence = models.CharField(_("licence"), max_length=80, blank=True)
    default_steps = models.PositiveIntegerField(_("steps"), default=8)
    default_cfg = models.FloatField(_("CFG"), default=1.0)
    seconds_per_tflop = models.FloatField(null=True, blank=True)  # measured; None before
    size_multiple = models.PositiveIntegerField(default=16)
    description = models.CharField(_("description"), max_length=200, blank=True)
    takes_input_image = models.BooleanField(default=True)
    vram_tiers = models.JSONField(null=True, blank=True)  # None: `tiers.DEFAULT_TIERS`
    is_preview = models.BooleanField(_("preview"), default=False)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    is_served = models.BooleanField(default=True)
    is_default = models.BooleanField(_("default"), default=False)
    retired_at = models.DateTimeField(null=True, blank=True)
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

    @property
    def takes_requests(self) -> bool:
        """Whether people can choose it."""
        return self.is_enabled and self.is_served

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """How much memory which size needs."""
        return DEFAULT_TIERS if self.vram_tiers is None else tiers_from_json(self.vram_tiers)
