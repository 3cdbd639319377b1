"""Where an imported image came from."""

from __future__ import annotations

from django.db import models

from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image


class ImportedFileQuerySet(ProjectScopedQuerySet["ImportedFile"]):
    """Imported files, scoped by project."""


class ImportedFile(models.Model):
    """The file that an image was imported from.

    `sha256` is the hash of the file as it came, so that it is not imported twice; `tool` names what
    made it, where its metadata told; `kept_path` is set when the file itself was kept.
    """

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, related_name="imported_file", primary_key=True
    )
    project = models.ForeignKey("accounts.Project", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    bytes = models.PositiveBigIntegerField()
    tool = models.CharField(max_length=40, blank=True)
    kept_path = models.CharField(max_length=255, blank=True)

    objects = ImportedFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "sha256"], name="a_file_is_imported_once"),
        ]

    def __str__(self) -> str:
        return self.name
