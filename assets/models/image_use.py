"""What became of an image after it was made: each time that it was reused or taken away."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image
from assets.types import UseKind


class ImageUseQuerySet(ProjectScopedQuerySet["ImageUse"]):
    """Uses, scoped by the image's project."""

    project_path = "image__project_id"


class ImageUse(models.Model):
    """One use. `Image.reuse_count` and `Image.download_count` are the sums that lists sort by."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(max_length=10, choices=UseKind.choices)
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    request_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImageUseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["image", "kind"], name="uses_of_an_image"),
            models.Index(fields=["created_at"], name="uses_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.image_id}"
