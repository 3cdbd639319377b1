"""One decision on one image."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image
from assets.types import Decision


class ReviewQuerySet(ProjectScopedQuerySet["Review"]):
    """Reviews, scoped by their image's project."""

    project_path = "image__project_id"


class Review(models.Model):
    """Who decided what about which bytes. Append-only: a later decision is a later row."""

    COMMENT_LIMIT = 2000

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(_("decision"), max_length=20, choices=Decision.choices)
    comment = models.TextField(_("comment"), max_length=COMMENT_LIMIT, blank=True)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [models.Index(fields=["image", "-id"], name="reviews_of_an_image")]

    def __str__(self) -> str:
        return f"{self.decision} by {self.reviewer_id}"
