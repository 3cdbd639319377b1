"""Counts that are kept, because counting a million rows for each page is too slow."""

from __future__ import annotations

from django.db import models

from accounts.models import Project
from accounts.scoping import ProjectScopedQuerySet


class ProjectTallyQuerySet(ProjectScopedQuerySet["ProjectTally"]):
    """Tallies, scoped by project."""


class ProjectTally(models.Model):
    """How many images a project has and how many bytes they fill, renditions included.

    `images` and `bytes` are those of the gallery, the trash is counted besides.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="tally", primary_key=True
    )
    images = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    trashed_images = models.BigIntegerField(default=0)
    trashed_bytes = models.BigIntegerField(default=0)

    objects = ProjectTallyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.images} images in {self.project_id}"


class DayTallyQuerySet(ProjectScopedQuerySet["DayTally"]):
    """Days, scoped by project."""


class DayTally(models.Model):
    """How many images of the gallery arrived on one day, by the organization's clock."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="day_tallies")
    day = models.DateField()
    images = models.BigIntegerField(default=0)

    objects = DayTallyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "day"], name="one_tally_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.images} on {self.day}"
