"""What a job needs of a worker."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.model_version import ModelVersion

ROW_FORMAT = 1
"""Raised when a worker of the present version could not make sense of newer jobs. During a rolling
upgrade an older worker leaves jobs of a newer format to newer workers."""


class Demand(models.Model):
    """The kinds of jobs that differ in who can do them: a handful of rows.

    A worker needs the model, memory for pictures of `side` (or less, when the job `may_shrink`),
    and to understand rows of `row_format`. Jobs point here, so that the next job that a worker can
    do is found through an index, however many others wait in front of it.
    """

    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, related_name="demands"
    )
    side = models.PositiveIntegerField(_("side in pixels"))
    may_shrink = models.BooleanField(default=False)
    row_format = models.PositiveSmallIntegerField(default=ROW_FORMAT)

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        constraints = [
            models.UniqueConstraint(
                fields=["model_version", "side", "may_shrink", "row_format"],
                name="one_row_per_demand",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_version} {self.side}"
