"""The search index: one document per image, the values that are suggested, the words there are."""

from __future__ import annotations

from django.db import models

from accounts.models import Project
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image


class SearchDocumentQuerySet(ProjectScopedQuerySet["SearchDocument"]):
    """Documents, scoped by the image's project."""

    project_path = "image__project_id"


class SearchDocument(models.Model):
    """What an image is found by (`assets.search.documents` says what that is).

    `tokens` is in the database's own index: on SQLite a full text table that triggers keep equal,
    on PostgreSQL a generated column. `text` is what phrases are checked against.
    """

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, related_name="search_document", primary_key=True
    )
    tokens = models.TextField()
    text = models.TextField()

    objects = SearchDocumentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"document of {self.image_id}"


class SearchValueQuerySet(ProjectScopedQuerySet["SearchValue"]):
    """Values, scoped by project."""


class SearchValue(models.Model):
    """How many images of a project's gallery have one value of a field, as somebody wrote it.

    `key` is the value as the index writes it.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)
    key = models.CharField(max_length=255)
    label = models.CharField(max_length=255)
    uses = models.BigIntegerField(default=0)

    objects = SearchValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "field", "key"], name="one_row_of_a_search_value"
            ),
        ]
        indexes = [
            models.Index(fields=["project", "field", "-uses"], name="search_values_by_use"),
        ]

    def __str__(self) -> str:
        return f"{self.field}:{self.label}"


class SearchWord(models.Model):
    """A word that occurs in some text, so that its beginning can be completed.

    Words belong to nobody and are shown to nobody; who finds what is up to the documents.
    """

    word = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return self.word
