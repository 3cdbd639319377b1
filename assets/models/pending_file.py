"""A promise to archive a file, written before the file."""

from __future__ import annotations

from django.db import models


class PendingFile(models.Model):
    """A path that is about to be written by `owner`.

    The row is committed before the file and deleted in the transaction that archives the image.
    Whatever dies in between leaves a row that tells where to clean up: no orphan files.
    """

    path = models.CharField(max_length=255)
    owner = models.UUIDField(db_index=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.path
