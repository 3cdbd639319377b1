"""How an image looks, in numbers that can be compared, and which images look alike."""

from __future__ import annotations

from django.db import models

from accounts.models import User
from accounts.scoping import ProjectScopedQuerySet
from assets.models.image import Image
from assets.types import DuplicateDecision


class ImageLookQuerySet(ProjectScopedQuerySet["ImageLook"]):
    """Looks, scoped by the image's project."""


class ImageLook(models.Model):
    """The fingerprint of one image.

    `phash` is a 64 bit perceptual hash, kept as a signed number; `band_0` to `band_3` are its four
    16 bit quarters. Of two hashes that differ in at most three bits at least one quarter is equal,
    so that equality on four indexes finds every near-duplicate. `colours` describes the colours
    (`assets.looks`). `pixels_sha256` is the hash of the decoded pixels.
    """

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, related_name="look", primary_key=True
    )
    project = models.ForeignKey("accounts.Project", on_delete=models.PROTECT, related_name="+")
    phash = models.BigIntegerField()
    band_0 = models.PositiveIntegerField()
    band_1 = models.PositiveIntegerField()
    band_2 = models.PositiveIntegerField()
    band_3 = models.PositiveIntegerField()
    colours = models.BinaryField(max_length=256, default=b"")
    colour_bin = models.PositiveSmallIntegerField(default=0)
    pixels_sha256 = models.CharField(max_length=64)

    objects = ImageLookQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["project", "band_0"], name="look_band_0"),
            models.Index(fields=["project", "band_1"], name="look_band_1"),
            models.Index(fields=["project", "band_2"], name="look_band_2"),
            models.Index(fields=["project", "band_3"], name="look_band_3"),
            models.Index(fields=["project", "colour_bin", "-image"], name="look_colour"),
            models.Index(fields=["project", "pixels_sha256"], name="look_pixels"),
        ]

    def __str__(self) -> str:
        return f"{self.phash & (1 << 64) - 1:016x}"


class NearDuplicateQuerySet(ProjectScopedQuerySet["NearDuplicate"]):
    """Pairs, scoped by project."""


class NearDuplicate(models.Model):
    """Two images of a project that look almost the same. `first` was archived before `second`.

    `distance` is the number of bits in which the perceptual hashes differ.
    """

    project = models.ForeignKey("accounts.Project", on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="+")
    distance = models.PositiveSmallIntegerField()
    decision = models.CharField(
        max_length=10, choices=DuplicateDecision.choices, default=DuplicateDecision.OPEN
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = NearDuplicateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_pair_of_two_images"),
        ]
        indexes = [
            models.Index(fields=["project", "decision", "-second"], name="pairs_to_decide"),
            models.Index(fields=["second"], name="pairs_of_the_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"
