"""What has to be remembered to take something back."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.types import UndoKind


class UndoableQuerySet(ProjectScopedQuerySet["Undoable"]):
    """Things that can be taken back, scoped by project."""


class Undoable(models.Model):
    """Something that was done at once, with what it replaced, so that it can be taken back.

    Only things that a page does while somebody waits are kept here; work on many images keeps the
    state before on its items (`OperationItem.before`). `data` belongs to the kind.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=UndoKind.choices)
    name = models.CharField(max_length=160)
    data = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = UndoableQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["project", "created_at"],
                name="still_undoable",
                condition=Q(undone_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name
