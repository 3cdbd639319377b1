"""Whether a worker may use a model, after what happened with it lately."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.breaking import Breaker
from generation.models.model_version import ModelVersion
from generation.models.worker_slot import WorkerSlot


class CircuitBreaker(models.Model):
    """The row of `generation.breaking.Breaker`, for one slot and one model."""

    slot = models.ForeignKey(WorkerSlot, on_delete=models.CASCADE, related_name="breakers")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True, blank=True)
    probing_since = models.DateTimeField(null=True, blank=True)
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    opened_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("circuit breaker")
        verbose_name_plural = _("circuit breakers")
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "model_version"], name="one_breaker_per_slot_and_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot}, {self.model_version}"

    @property
    def state(self) -> Breaker:
        """The breaker as a plain value."""
        return Breaker(
            failures=self.failures,
            open_until=self.open_until,
            probing_since=self.probing_since,
            code=self.code,
            message=self.message,
            opened_count=self.opened_count,
        )
