"""A process that holds an engine and, where there is one, a GPU."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Worker(models.Model):
    """One life of a worker process: a restarted worker is a new row.

    `last_seen_at` is written by a small process beside the worker, so that a long call inside the
    worker does not look like death.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=80)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    engines = models.JSONField(default=list)
    device = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"))
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        indexes = [models.Index(fields=["stopped_at", "last_seen_at"], name="workers_alive")]

    def __str__(self) -> str:
        return self.name
