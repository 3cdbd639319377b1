"""Finding images that could look alike, by equality on indexes alone: never more than a handful."""

from __future__ import annotations

from collections.abc import Iterator

from assets.looks import BANDS, family_range, swapped
from assets.models import ImageLook
from assets.models.image_look import ImageLookQuerySet

CANDIDATES_OF_A_BAND = 100
"""Newest first. A quarter of a hash that everything shares makes nothing slow."""

CANDIDATES_OF_A_COLOUR = 200


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


def sharing_colours(look: ImageLook) -> Iterator[ImageLookQuerySet]:
    """The newest looks of the same project with the same main colours, the nearest kin first."""
    if not look.colour_bin:
        return
    first, last = family_range(look.colour_bin)
    kin = (
        ({"colour_bin": look.colour_bin}, CANDIDATES_OF_A_COLOUR),
        ({"colour_bin": swapped(look.colour_bin)}, CANDIDATES_OF_A_COLOUR // 2),
        ({"colour_bin__range": (first, last)}, CANDIDATES_OF_A_COLOUR // 2),
    )
    for conditions, most in kin:
        same = ImageLook.objects.filter(project_id=look.project_id, **conditions)
        # In the order of the index, so that it is read no further than needed.
        yield same.exclude(pk=look.pk).order_by("colour_bin", "-pk")[:most]
