"""A process that holds an engine and, where there is one, a GPU."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.demand import ROW_FORMAT
from generation.models.model_version import ModelVersion
from generation.models.worker_slot import WorkerSlot


class Worker(models.Model):
    """One life of a worker process: a restarted worker is a new row in the same slot.

    `last_seen_at` is written by a small process beside the worker, so that a long call inside the
    worker does not look like death. `model_ids` are those that the worker was limited to (empty:
    every model whose engine it has). Memory is in bytes, `None` where there is no GPU; what the
    worker could have is what is free plus what it holds itself. `passed_over_seconds` is how much
    it has served out of turn to spare itself a change of models (`generation.scheduling`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(
        WorkerSlot, on_delete=models.PROTECT, related_name="workers", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=80)
    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    pool = models.CharField(max_length=40, default="gpu")
    version = models.CharField(max_length=40, blank=True)
    row_format = models.PositiveSmallIntegerField(default=ROW_FORMAT)
    engines = models.JSONField(default=list)
    model_ids = models.JSONField(default=list)
    resident_model = models.ForeignKey(
        ModelVersion, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    passed_over_seconds = models.FloatField(default=0)
    device = models.CharField(max_length=120, blank=True)
    device_uuid = models.CharField(max_length=64, blank=True)
    free_bytes = models.BigIntegerField(null=True, blank=True)
    total_bytes = models.BigIntegerField(null=True, blank=True)
    held_bytes = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"))
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        indexes = [models.Index(fields=["stopped_at", "last_seen_at"], name="workers_alive")]

    def __str__(self) -> str:
        return self.name

    @property
    def available_bytes(self) -> int | None:
        """The memory that a picture and its model could have; `None` where nothing limits it."""
        if self.free_bytes is None:
            return None
        return self.free_bytes + (self.held_bytes or 0)
