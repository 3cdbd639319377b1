"""One archived picture with everything that was known when it was made."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.template_version import TemplateVersion
from assets.types import ReviewStatus


class ImageQuerySet(ProjectScopedQuerySet["Image"]):
    """Images, scoped by project."""


class Image(models.Model):
    """A picture of the archive.

    The columns are what lists filter and sort by; `metadata` is the whole snapshot
    (`assets.snapshot.MetadataSnapshot`). The snapshot does not point at jobs, so that pruning work
    never touches the archive. `id` orders the gallery, `uid` is the public name, chosen before the
    file is written because the file carries it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="images")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="images")
    created_at = models.DateTimeField(_("created"))
    review_status = models.CharField(
        _("review"), max_length=20, choices=ReviewStatus.choices, default=ReviewStatus.DRAFT
    )

    path = models.CharField(max_length=255, unique=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    archive_name = models.CharField(  # noqa: DJ001  # null, because it is unique where it is set
        _("archive name"),
        max_length=160,
        null=True,
        blank=True,
    )

    prompt = models.TextField(_("prompt"))
    negative_prompt = models.TextField(_("negative prompt"), blank=True)
    seed = models.BigIntegerField(_("seed"))
    steps = models.PositiveIntegerField(_("steps"))
    cfg = models.FloatField(_("CFG"))
    model_name = models.CharField(_("model"), max_length=80)
    is_preview = models.BooleanField(_("preview"), default=False)
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, related_name="images", null=True, blank=True
    )
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="children", null=True, blank=True
    )
    request_id = models.UUIDField(null=True, blank=True)
    metadata = models.JSONField()

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "archive_name"], name="archive_name_is_unique_in_project"
            ),
            models.CheckConstraint(
                condition=~Q(review_status=ReviewStatus.APPROVED) | Q(archive_name__isnull=False),
                name="an_approved_image_has_its_archive_name",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="gallery_newest_first"),
            models.Index(fields=["project", "review_status", "-id"], name="gallery_by_status"),
            models.Index(fields=["project", "created_by", "-id"], name="gallery_by_person"),
            models.Index(fields=["project", "model_name", "-id"], name="gallery_by_model"),
            models.Index(fields=["request_id"], name="images_of_a_request"),
        ]

    def __str__(self) -> str:
        return self.archive_name or self.prompt[:60]
