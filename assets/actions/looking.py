"""Writing down how images look, and which of them look almost the same."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence

import structlog
from django.db import transaction
from PIL import Image as Pillow

from accounts.access import Access
from assets import storage
from assets.actions.indexing import index_images
from assets.looks import BANDS, Look, colour_distance, hash_distance, look_of
from assets.models import Image, ImageLook, NearDuplicate
from assets.queries.looks import sharing_a_band
from assets.types import DuplicateDecision

log = structlog.get_logger(__name__)

MOST_BITS = 6
"""Hashes of near-duplicates differ in at most so many of their 64 bits. Up to three bits all pairs
are found, because a quarter of the hash is equal; above, those that have an equal quarter."""

MOST_COLOUR = 0.25
"""Of near-duplicates at most this part of the colours differs."""

MOST_STRETCH = 0.1
"""How much the proportions of near-duplicates may differ: a trimmed edge, but no other format."""

LOOKED_AT_CLOSELY = 60
"""Of so many the colours are compared, those with the nearest hashes."""

PAIRS_OF_AN_IMAGE = 20
"""The nearest count. Whoever makes a thousand of the same finds them in groups all the same,
because each is a pair with others that are pairs."""


WRITTEN = [
    "project",
    "phash",
    *(f"band_{number}" for number in range(BANDS)),
    "colours",
    "colour_bin",
    "pixels_sha256",
]


def describe(*, image: Image, look: Look) -> list[int]:
    """Write the look of an image and its pairs; return the ids of what became a near-duplicate.

    A step of the transaction that brings the image into the gallery. What was written before is
    written anew; decisions about pairs that were there stay.
    """
    written = ImageLook(
        image=image,
        project_id=image.project_id,
        phash=look.phash,
        **{f"band_{number}": band for number, band in enumerate(look.bands)},
        colours=look.colours,
        colour_bin=look.colour_bin,
        pixels_sha256=look.pixels_sha256,
    )
    ImageLook.objects.bulk_create(
        [written],
        update_conflicts=True,
        unique_fields=["image"],
        update_fields=WRITTEN,
    )
    if image.trashed_at is not None:
        return []
    nearest = sorted(_near(image, written), key=lambda found: (found[0], -found[1]))
    resembling = nearest[:PAIRS_OF_AN_IMAGE]
    others = [other for _distance, other in resembling]
    new = set(others) - _in_open_pairs(others)
    NearDuplicate.objects.bulk_create(
        [
            NearDuplicate(
                project_id=image.project_id,
                first_id=min(image.pk, other),
                second_id=max(image.pk, other),
                distance=distance,
            )
            for distance, other in resembling
        ],
        ignore_conflicts=True,
    )
    return sorted(new)


def describe_older(*, access: Access, after: int, most: int) -> int | None:
    """Describe images that came before their looks were written down, in the order of their ids.

    Looks at up to `most` images with an id above `after` and returns the last id; `None` once there
    are no more. An image without a file that can be read is passed over.
    """
    access.require_system()
    found = list(
        Image.objects.filter(pk__gt=after)
        .select_related("look")
        .defer("metadata")
        .order_by("pk")[:most]
    )
    for image in found:
        if not hasattr(image, "look"):
            _describe_from_file(image)
    return found[-1].pk if found else None


def _describe_from_file(image: Image) -> None:
    try:
        with Pillow.open(io.BytesIO(storage.read(image.path))) as picture:
            look = look_of(picture)
    except (storage.StorageError, OSError, SyntaxError, ValueError) as error:
        log.warning("look.unreadable", image=str(image.uid), reason=str(error))
        return
    with transaction.atomic():
        Image.objects.filter(pk=image.pk, placeholder="").update(placeholder=look.placeholder)
        resembling = describe(image=image, look=look)
        index_images(image_ids=[image.pk, *resembling])


def _near(image: Image, look: ImageLook) -> Iterator[tuple[int, int]]:
    """Distance and id of each image that looks almost the same."""
    found = {
        pk: distance
        for candidates in sharing_a_band(look)
        for pk, phash in candidates.values_list("pk", "phash")
        if (distance := hash_distance(phash, look.phash)) <= MOST_BITS
    }
    close = sorted(found, key=lambda pk: (found[pk], -pk))[:LOOKED_AT_CLOSELY]
    if not close:
        return
    # By their keys alone, and what they are asked here: a planner that does not know how many
    # images a project has would rather read all of them.
    looks = ImageLook.objects.filter(pk__in=close).values_list("pk", "colours")
    alike = [
        pk
        for pk, colours in looks
        if colour_distance(bytes(colours), bytes(look.colours)) <= MOST_COLOUR
    ]
    images = Image.objects.filter(pk__in=alike)
    for pk, project_id, trashed_at, width, height in images.values_list(
        "pk", "project_id", "trashed_at", "width", "height"
    ):
        stretch = math.log(image.width / image.height) - math.log(width / height)
        is_there = project_id == image.project_id and trashed_at is None
        if is_there and abs(stretch) <= MOST_STRETCH:
            yield found[pk], pk


def _in_open_pairs(ids: Sequence[int]) -> set[int]:
    """Which of these images are near-duplicates of something already."""
    if not ids:
        return set()
    waiting = NearDuplicate.objects.filter(decision=DuplicateDecision.OPEN)
    return {
        *waiting.filter(first__in=ids).values_list("first_id", flat=True),
        *waiting.filter(second__in=ids).values_list("second_id", flat=True),
    }
