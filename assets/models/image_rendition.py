"""A derived file: thumbnail or preview."""

from __future__ import annotations

from django.db import models

from assets.models.image import Image
from assets.types import RenditionKind


class ImageRendition(models.Model):
    """One smaller file of an image, made when the image was archived."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=10, choices=RenditionKind.choices)
    path = models.CharField(max_length=255, unique=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "kind"], name="one_rendition_per_kind"),
        ]

    def __str__(self) -> str:
        return self.path
