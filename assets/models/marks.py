"""What people say about images: stars, ratings, tags and comments."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image

TAG_LIMIT = 60


class ImageMarkQuerySet(ProjectScopedQuerySet["ImageMark"]):
    """Marks, scoped by the image's project."""

    project_path = "image__project_id"


class ImageMark(models.Model):
    """One person's star and rating (1 to 5) of one image; a row without either is deleted."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="marks")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="image_marks")
    is_starred = models.BooleanField(_("starred"), default=False)
    rating = models.PositiveSmallIntegerField(
        _("rating"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ImageMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "image"], name="one_mark_of_a_person"),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)),
                name="a_rating_is_one_to_five",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-image"], name="stars_of_a_person", condition=Q(is_starred=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.image_id}"


class TagQuerySet(ProjectScopedQuerySet["Tag"]):
    """Tags, scoped by project."""


class Tag(models.Model):
    """A word that a project's people put on its images.

    `key` is what makes two names the same tag: normalised as the search normalises.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(_("name"), max_length=TAG_LIMIT)
    key = models.CharField(max_length=TAG_LIMIT * 4)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="one_tag_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ImageTagQuerySet(ProjectScopedQuerySet["ImageTag"]):
    """Uses of tags, scoped by the tag's project."""

    project_path = "tag__project_id"


class ImageTag(models.Model):
    """One tag on one image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="image_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="image_tags")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ImageTagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "tag"], name="a_tag_once_on_an_image"),
        ]
        indexes = [models.Index(fields=["tag", "-image"], name="images_of_a_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.image_id}"


class ImageCommentQuerySet(ProjectScopedQuerySet["ImageComment"]):
    """Comments, scoped by the image's project."""

    project_path = "image__project_id"


class ImageComment(models.Model):
    """What somebody wrote beside an image. A removed comment keeps its row, for the undo."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="image_comments")
    text = models.TextField(_("comment"), max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ImageCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(edited_at__isnull=True) | Q(edited_at__gte=F("created_at")),
                name="a_comment_is_edited_after_it_was_written",
            ),
        ]
        indexes = [models.Index(fields=["image", "created_at"], name="comments_of_an_image")]

    def __str__(self) -> str:
        return self.text[:60]
