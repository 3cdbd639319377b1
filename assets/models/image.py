"""One archived picture with everything that was known when it was made."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.models import Project, User
from accounts.roles import Permission
from accounts.scoping import ProjectScopedQuerySet
from assets.models.template_version import TemplateVersion
from assets.types import ReviewStatus, Source

# The condition of an index must stand in the query word for word, or it is not used.
IN_GALLERY = Q(trashed_at__isnull=True)


class ImageQuerySet(ProjectScopedQuerySet["Image"]):
    """Images, scoped by project, those in the trash included."""

    def in_gallery(self) -> ImageQuerySet:
        """Without those in the trash."""
        return self.filter(IN_GALLERY)

    def in_trash(self) -> ImageQuerySet:
        """Only those in the trash."""
        return self.filter(trashed_at__isnull=False)

    def restorable_by(self, access: Access) -> ImageQuerySet:
        """Those in the trash that the actor may take out again.

        Whoever manages the project may take out everything, others what they threw away themselves.
        """
        trashed = self.visible_to(access).in_trash()
        if access.unrestricted:
            return trashed
        managed = access.projects_with(Permission.MANAGE_PROJECT)
        return trashed.filter(Q(project_id__in=managed) | Q(trashed_by_id=access.user_id or 0))

    def shown_to(self, access: Access) -> ImageQuerySet:
        """Those that the actor may look at: of the trash only what they may take out again."""
        if access.unrestricted:
            return self
        managed = access.projects_with(Permission.MANAGE_PROJECT)
        return self.visible_to(access).filter(
            IN_GALLERY | Q(project_id__in=managed) | Q(trashed_by_id=access.user_id or 0)
        )

    def for_change(self, ids: Iterable[int]) -> ImageQuerySet:
        """These rows with project and organization, locked until the transaction ends.

        Everybody locks in one order, so that no two wait for each other.
        """
        return (
            self.filter(pk__in=list(ids))
            .select_related("project__organization")
            .defer("metadata")
            .select_for_update(of=("self",))
            .order_by("pk")
        )


class Image(models.Model):
    """A picture of the archive.

    The columns are what lists filter and sort by; `metadata` is the whole snapshot
    (`assets.snapshot.MetadataSnapshot`). The snapshot does not point at jobs, so that pruning work
    never touches the archive. `id` orders the gallery, `uid` is the public name, chosen before the
    file is written because the file carries it. `created_at` is when the picture was made,
    `archived_at` when it arrived. What an imported picture does not tell is `None`.

    An image in the trash has `trashed_at`; one that was approved or delivered is deleted for good
    only after an admin said so (`purge_allowed_by`). `rating` is the mean of `rating_count`
    people's. `placeholder` is what a card shows until its thumbnail is there (`assets.looks`).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="images")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="images")
    created_at = models.DateTimeField(_("created"))
    archived_at = models.DateTimeField(_("archived"), default=timezone.now)
    source = models.CharField(
        _("source"), max_length=10, choices=Source.choices, default=Source.GENERATED
    )
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
    seed = models.BigIntegerField(_("seed"), null=True, blank=True)
    steps = models.PositiveIntegerField(_("steps"), null=True, blank=True)
    cfg = models.FloatField(_("CFG"), null=True, blank=True)
    model_name = models.CharField(_("model"), max_length=80)
    is_preview = models.BooleanField(_("preview"), default=False)
    template_version = models.ForeignKey(
        TemplateVersion, on_delete=models.PROTECT, related_name="images", null=True, blank=True
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="children",
        null=True,
        blank=True,
        db_index=False,  # see `children_of_an_image`
    )
    request_id = models.UUIDField(null=True, blank=True)
    metadata = models.JSONField()

    placeholder = models.CharField(max_length=80, blank=True, default="")
    rating = models.FloatField(_("rating"), null=True, blank=True)
    rating_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    reuse_count = models.PositiveIntegerField(_("reused"), default=0)
    download_count = models.PositiveIntegerField(_("downloaded"), default=0)

    trashed_at = models.DateTimeField(_("trashed"), null=True, blank=True)
    trashed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    purge_allowed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

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
            *(
                models.Index(fields=["project", *fields, "-id"], name=name, condition=IN_GALLERY)
                for name, fields in (
                    ("gallery_newest_first", []),
                    ("gallery_by_status", ["review_status"]),
                    ("gallery_by_person", ["created_by"]),
                    ("gallery_by_model", ["model_name"]),
                    ("gallery_by_arrival", ["archived_at"]),
                )
            ),
            models.Index(
                fields=["project", "-rating", "-id"],
                name="gallery_by_rating",
                condition=IN_GALLERY & Q(rating__isnull=False),
            ),
            models.Index(
                fields=["project", "-reuse_count", "-id"],
                name="gallery_by_reuse",
                condition=IN_GALLERY & Q(reuse_count__gt=0),
            ),
            models.Index(
                fields=["project", "-download_count", "-id"],
                name="gallery_by_downloads",
                condition=IN_GALLERY & Q(download_count__gt=0),
            ),
            models.Index(
                fields=["project", "-trashed_at", "-id"],
                name="trash_newest_first",
                condition=Q(trashed_at__isnull=False),
            ),
            models.Index(
                fields=["created_by", "-id"], name="images_of_a_person", condition=IN_GALLERY
            ),
            models.Index(
                fields=["created_by", "-reuse_count", "-id"],
                name="reused_of_a_person",
                condition=IN_GALLERY & Q(reuse_count__gt=0),
            ),
            models.Index(fields=["request_id", "id"], name="images_of_a_request"),
            # Most images have no parent. With all of them in the index SQLite counts on finding
            # half of the archive behind each key, and reads the whole table instead.
            models.Index(
                fields=["parent"],
                name="children_of_an_image",
                condition=Q(parent__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.archive_name or self.prompt[:60]
