"""A place for a worker, whatever process fills it at the moment."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generation.types import WorkerState


class WorkerSlot(models.Model):
    """What outlives a worker process: its name, what an operator told it, its circuit breakers."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=WorkerState.choices, default=WorkerState.ACTIVE
    )
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("place of a worker")
        verbose_name_plural = _("places of workers")

    def __str__(self) -> str:
        return self.name
