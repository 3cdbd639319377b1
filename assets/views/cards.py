"""Pictures as the walls of the site show them.

A wall has sixty cards and is the page that is drawn most, so all that a card says is ready when its
template is reached: no address is looked up, no date formatted, no number localized there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from assets.models import Image
from assets.types import RenditionKind, Source

ALT_LIMIT = 200
_SOME_UID = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Card:
    """What `components/picture_card.html` needs of an image, and on a wall also where it hangs.

    `day` is when it arrived (ISO, the organization's clock), `place` where parts beside it begin,
    `stack` the request for whose `count` images it stands, `starred` and `rating` (0: none) are
    those of the reader.
    """

    id: UUID
    url: str
    thumb: str
    width: int
    height: int
    alt: str
    status: str
    is_preview: bool
    day: str = ""
    placeholder: str = ""
    is_imported: bool = False
    place: str = ""
    stack: str = ""
    count: str = ""
    starred: bool = False
    rating: int = 0


def cards_of(images: Iterable[Image], query: str = "") -> list[Card]:
    """Cards that lead to the images' pages; `query` keeps what was searched for."""
    return [
        Card(
            id=image.uid,
            url=image_url(image, query),
            thumb=rendition_url(image, RenditionKind.THUMB),
            width=image.width,
            height=image.height,
            alt=short(image.prompt),
            status=image.review_status,
            is_preview=image.is_preview,
            placeholder=image.placeholder,
            is_imported=image.source == Source.IMPORTED,
        )
        for image in images
    ]


def wall_cards(
    rows: Iterable[Mapping[str, Any]],
    *,
    zone: dt.tzinfo | None = None,
    query: str = "",
    stacks: Mapping[UUID, int] | None = None,
) -> list[Card]:
    """Cards from the rows of a `timeline.Part`, with their days by the clock of `zone`.

    `stacks` are the sizes of the requests that are shown as one.
    """
    page = reverse("assets:image", kwargs={"uid": _SOME_UID})
    thumb = reverse(
        "assets:rendition", kwargs={"uid": _SOME_UID, "kind": RenditionKind.THUMB.value}
    )
    if query:
        page = f"{page}?{query}"
    some = str(_SOME_UID)
    stacks = stacks or {}
    cards = []
    for row in rows:
        uid = str(row["uid"])
        count = stacks.get(row["request_id"], 0)
        cards.append(
            Card(
                id=row["uid"],
                url=page.replace(some, uid, 1),
                thumb=thumb.replace(some, uid, 1),
                width=row["width"],
                height=row["height"],
                alt=short(row["prompt"]),
                status=row["review_status"],
                is_preview=row["is_preview"],
                day=row["archived_at"].astimezone(zone).date().isoformat() if zone else "",
                placeholder=row["placeholder"],
                is_imported=row["source"] == Source.IMPORTED,
                place=str(row["place"]),
                stack=str(row["request_id"]) if count else "",
                count=str(count) if count > 1 else "",
                starred=bool(row["star"]),
                rating=row["own_rating"] or 0,
            )
        )
    return cards


def short(prompt: str) -> str:
    """A prompt as a picture's alternative text."""
    return prompt if len(prompt) <= ALT_LIMIT else f"{prompt[: ALT_LIMIT - 1]}…"


def image_url(image: Image, query: str = "") -> str:
    """The address of an image's page, inside a search."""
    address = reverse("assets:image", kwargs={"uid": image.uid})
    return f"{address}?{query}" if query else address


def rendition_url(image: Image, kind: RenditionKind) -> str:
    """The address of a smaller file of an image."""
    return reverse("assets:rendition", kwargs={"uid": image.uid, "kind": kind.value})
