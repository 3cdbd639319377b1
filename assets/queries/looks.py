"""Finding images that could look alike, by equality on indexes alone: never more than a handful."""

from __future__ import annotations

from collections.abc import Iterator

from assets.looks import BANDS
from assets.models import ImageLook
from assets.models.image_look import ImageLookQuerySet

CANDIDATES_OF_A_BAND = 100
"""Newest first. A quarter of a hash that everything shares makes nothing slow."""


def sharing_a_band(look: ImageLook) -> Iterator[ImageLookQuerySet]:
    """For each quarter of the hash, the newest looks of the same project that share it.

    What the project is has been asked by whoever holds the look.
    """
    for number in range(BANDS):
        band = f"band_{number}"
        same = ImageLook.objects.filter(
            project_id=look.project_id, **{band: getattr(look, band)}
        ).exclude(pk=look.pk)
        yield same.order_by("-pk")[:CANDIDATES_OF_A_BAND]
