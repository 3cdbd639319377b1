"""The last number that an archive name took."""

from __future__ import annotations

from django.db import models

from accounts.models import Project


class ArchiveSequence(models.Model):
    """Counts the approved images of a project per day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="archive_sequences")
    day = models.DateField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "day"], name="one_sequence_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.last_number}"
