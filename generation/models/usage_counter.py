"""What was used of a quota."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from generation.quotas import Period

EVERY = 0
"""In `project_key` and `person_key`: all of them together."""


class UsageCounter(models.Model):
    """Pictures made and GPU seconds used in one period, of one person or everybody, in one project
    or the whole organization.

    Counted for every combination when a job ends, so that reading is one row however much was
    made. Keys instead of foreign keys, so that what was used stays true when people leave.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    project_key = models.PositiveBigIntegerField(default=EVERY)
    person_key = models.PositiveBigIntegerField(default=EVERY)
    period = models.CharField(max_length=5, choices=[(each.value, each.value) for each in Period])
    starts_at = models.DateTimeField()
    images = models.PositiveIntegerField(default=0)
    gpu_seconds = models.FloatField(default=0)

    class Meta:
        verbose_name = _("usage counter")
        verbose_name_plural = _("usage counters")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "project_key", "person_key", "period", "starts_at"],
                name="one_counter_per_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.starts_at:%Y-%m-%d}: {self.images}"
