"""One canary that was drawn, and what it said about the model."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from generation.models.model_version import ModelVersion
from generation.models.worker_slot import WorkerSlot
from generation.types import CanaryOutcome


class CanaryRun(models.Model):
    """A picture of `engines.canary`, drawn in one place and compared with the reference.

    There is one reference for each model, its weights and each canary: the current row that is
    `stored`. `environment` stands for everything that can change the pixels (engine, libraries,
    driver, device, load mode, weights); each place draws a canary once for each of them. `sha256`
    is that of the pixels. `path` leads to the picture in the archive where it was kept: references
    and what has drifted. `difference` is in levels, see `engines.canary.difference`; `None` where
    nothing could be compared. Rows that are not current are history.
    """

    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.CASCADE, related_name="canary_runs"
    )
    slot = models.ForeignKey(
        WorkerSlot, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    number = models.PositiveSmallIntegerField()
    weights = models.CharField(max_length=64)
    environment = models.CharField(max_length=64)
    device = models.CharField(max_length=120)
    load_mode = models.CharField(max_length=40)
    libraries = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=255, blank=True)
    difference = models.FloatField(null=True)
    outcome = models.CharField(max_length=10, choices=CanaryOutcome.choices)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("canary")
        verbose_name_plural = _("canaries")
        constraints = [
            models.UniqueConstraint(
                fields=["model_version", "weights", "number"],
                condition=Q(outcome=CanaryOutcome.STORED, is_current=True),
                name="one_reference_per_canary",
            ),
        ]
        indexes = [
            models.Index(fields=["model_version", "-id"], name="canaries_of_a_model"),
        ]

    def __str__(self) -> str:
        return f"{self.model_version} {self.number + 1}"
