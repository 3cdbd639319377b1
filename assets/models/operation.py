"""Work on many images that runs in the background."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image
from assets.types import ItemState, OperationKind, OperationStatus


class OperationQuerySet(ProjectScopedQuerySet["Operation"]):
    """Operations, scoped by project."""


class Operation(models.Model):
    """One order of one person about many images, carried out by the archivist in small steps.

    `arguments` says what is to be done and to which images (`assets.operations.asks`); the items
    are written first, then worked through in chunks of one transaction each, so that whatever dies
    goes on where it stopped. `claim` names the process that works on it and `beat_at` when it last
    said so. An operation that takes another one back points at it with `undoes`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="operations")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="operations")
    kind = models.CharField(max_length=20, choices=OperationKind.choices)
    arguments = models.JSONField(default=dict)
    status = models.CharField(
        max_length=10, choices=OperationStatus.choices, default=OperationStatus.WAITING
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    is_gathered = models.BooleanField(default=False)
    cancel_requested = models.BooleanField(default=False)
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="undone_by", null=True, blank=True
    )
    error = models.CharField(max_length=60, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        indexes = [
            models.Index(
                fields=["status", "id"],
                name="open_operations",
                condition=Q(status__in=["waiting", "running"]),
            ),
            models.Index(fields=["project", "-id"], name="operations_of_a_project"),
            models.Index(fields=["created_by", "-id"], name="operations_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uid}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in {OperationStatus.WAITING, OperationStatus.RUNNING}

    @property
    def handled(self) -> int:
        """How many items have been looked at."""
        return self.done + self.skipped + self.failed


class OperationItem(models.Model):
    """One image, or one file, of an operation.

    `reason` is a short code why it was skipped or failed (`assets.operations.reasons` has the
    words). `before` is what undoing it has to bring back; `data` belongs to the kind of operation.
    """

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=10, choices=ItemState.choices, default=ItemState.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    before = models.JSONField(null=True, blank=True)
    data = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "position"], name="one_item_of_a_position"
            ),
        ]
        indexes = [models.Index(fields=["operation", "state", "position"], name="items_by_state")]

    def __str__(self) -> str:
        return f"{self.position} of {self.operation_id}"
