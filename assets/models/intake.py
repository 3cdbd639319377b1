"""Files on their way in: what was received for an import, before the archivist looks at it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.operation import Operation


class IntakeQuerySet(ProjectScopedQuerySet["Intake"]):
    """Intakes, scoped by project."""


class Intake(models.Model):
    """One import of one person: open while files arrive, then the operation that takes them over.

    `touched_at` is when something last arrived; what nobody touches for days is swept.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="intakes")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)
    operation = models.OneToOneField(
        Operation, on_delete=models.CASCADE, related_name="intake", null=True, blank=True
    )

    objects = IntakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["project", "created_by", "-id"], name="intakes_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.uid}"


class IntakeFile(models.Model):
    """One file of an import. Its bytes lie in pieces beside the archive (`assets.staging`).

    `pieces` are the offsets that were promised, written down before the bytes, so that whatever was
    left behind can be found; `received` is how many bytes are there without a gap. `sha256` is the
    hash of the whole file; of one that came in several pieces, and of one that was not sent, it is
    what the sender says. `modified_ms` is when the file was changed, in milliseconds since 1970; 0
    is unknown. A file that the project has already, or that is too large, needs no sending.
    """

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="files")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=255)
    bytes = models.PositiveBigIntegerField()
    modified_ms = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    received = models.PositiveBigIntegerField(default=0)
    pieces = models.JSONField(default=list)
    needs_no_sending = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["intake", "name", "bytes", "modified_ms"], name="a_file_once_in_an_intake"
            ),
            models.CheckConstraint(
                condition=Q(received__lte=F("bytes")), name="no_more_is_received_than_there_is"
            ),
        ]
        indexes = [models.Index(fields=["intake", "sha256"], name="intake_files_by_hash")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_complete(self) -> bool:
        """Whether all of it is there, or needs not be."""
        return self.needs_no_sending or self.received == self.bytes

    @property
    def modified_at(self) -> datetime | None:
        """When the file was changed, as far as that is known and can be written."""
        try:
            return (
                datetime.fromtimestamp(self.modified_ms / 1000, UTC) if self.modified_ms else None
            )
        except (OverflowError, OSError, ValueError):
            return None
