"""Writing down how images look, and which of them look almost the same."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator

import structlog
from django.db import transaction
from PIL import Image as Pillow

from accounts.access import Access
from assets import storage
from assets.actions.indexing import index_images
from assets.looks import Look, colour_distance, hash_distance, look_of
from assets.models import Image, ImageLook, NearDuplicate
from assets.queries.looks import sharing_a_band

log = structlog.get_logger(__name__)

MOST_BITS = 6
"""Hashes of near-duplicates differ in at most so many of their 64 bits. Up to three bits all pairs
are found, because a quarter of the hash is equal; above, those that have an equal quarter."""

MOST_COLOUR = 0.25
"""Of near-duplicates at most this part of the colours differs."""

MOST_STRETCH = 0.1
"""How much the proportions of near-duplicates may differ: a trimmed edge, but no other format."""

PAIRS_OF_AN_IMAGE = 20
"""The nearest count. Whoever makes a thousand of the same finds them in groups all the same,
because each is a pair with others that are pairs."""


def describe(*, image: Image, look: Look) -> list[int]:
    """Write the look of an image and its pairs; return the ids of the images it resembles.

    A step of the transaction that brings the image into the gallery. What was written before is
    written anew; decisions about pairs that were there stay.
    """
    written, _created = ImageLook.objects.update_or_create(
        image=image,
        defaults={
            "project_id": image.project_id,
            "phash": look.phash,
            **{f"band_{number}": band for number, band in enumerate(look.bands)},
            "colours": look.colours,
            "colour_bin": look.colour_bin,
            "pixels_sha256": look.pixels_sha256,
        },
    )
    if image.trashed_at is not None:
        return []
    nearest = sorted(_near(image, written), key=lambda found: (found[0], -found[1]))
    resembling = nearest[:PAIRS_OF_AN_IMAGE]
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
    return [other for _distance, other in resembling]


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
    close = {
        found.pk: distance
        for found in _each_once(sharing_a_band(look))
        if (distance := hash_distance(found.phash, look.phash)) <= MOST_BITS
        and colour_distance(bytes(found.colours), bytes(look.colours)) <= MOST_COLOUR
    }
    hanging = Image.objects.in_gallery().filter(pk__in=close, project_id=image.project_id)
    for pk, width, height in hanging.values_list("pk", "width", "height"):
        stretch = math.log(image.width / image.height) - math.log(width / height)
        if abs(stretch) <= MOST_STRETCH:
            yield close[pk], pk


def _each_once(several: Iterable[Iterable[ImageLook]]) -> Iterator[ImageLook]:
    known: set[int] = set()
    for looks in several:
        for look in looks:
            if look.pk not in known:
                known.add(look.pk)
                yield look
