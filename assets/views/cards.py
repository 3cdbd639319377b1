"""Pictures as the walls of the site show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from assets.models import Image
from assets.types import RenditionKind


@dataclass(frozen=True, slots=True)
class Card:
    """What `components/picture_card.html` needs of an image."""

    id: UUID
    url: str
    thumb: str
    width: int
    height: int
    alt: str
    status: str
    is_preview: bool


def cards_of(images: Iterable[Image], query: str = "") -> list[Card]:
    """Cards that lead to the images' pages; `query` keeps what was searched for."""
    return [
        Card(
            id=image.uid,
            url=image_url(image, query),
            thumb=rendition_url(image, RenditionKind.THUMB),
            width=image.width,
            height=image.height,
            alt=image.prompt,
            status=image.review_status,
            is_preview=image.is_preview,
        )
        for image in images
    ]


def image_url(image: Image, query: str = "") -> str:
    """The address of an image's page, inside a search."""
    address = reverse("assets:image", kwargs={"uid": image.uid})
    return f"{address}?{query}" if query else address


def rendition_url(image: Image, kind: RenditionKind) -> str:
    """The address of a smaller file of an image."""
    return reverse("assets:rendition", kwargs={"uid": image.uid, "kind": kind.value})
