"""Images like one image: by look now, by whatever else is plugged in.

A way to find them is a `Finder`; `register` makes it known, and pages and API offer it by its name.
A finder answers from indexes, within a bounded number of candidates, never by looking at them all.
A search by meaning, for example, would embed `image` and ask its vector index for the nearest ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from assets.looks import HASH_BITS, colour_distance, hash_distance
from assets.models import Image, ImageLook
from assets.queries.looks import sharing_a_band, sharing_colours

MOST: Final = 60
"""How many similar images are shown."""


@dataclass(frozen=True, slots=True)
class Near:
    """An image and how far it is from the one that was asked about: 0 is the same."""

    image_id: int
    distance: float


class Finder(Protocol):
    """One idea of what is similar. `name` stands in addresses, `label` is shown."""

    name: str
    label: str | Promise

    def near(self, access: Access, image: Image, *, most: int) -> Sequence[Near]:
        """The nearest images that the actor might see, nearest first; who may is asked after it."""
        ...


_FINDERS: dict[str, Finder] = {}


def register(finder: Finder) -> Finder:
    """Make a finder known; the first one is the usual one."""
    _FINDERS[finder.name] = finder
    return finder


def finders() -> Mapping[str, Finder]:
    """Every finder by its name, the usual one first."""
    return _FINDERS


def similar_to(access: Access, image: Image, *, finder: str = "", most: int = MOST) -> list[Image]:
    """Images of the gallery like this one, nearest first; `NotVisible` for an unknown finder."""
    found = _FINDERS.get(finder) if finder else next(iter(_FINDERS.values()))
    if found is None:
        raise NotVisible
    # Some of what is near may lie in the trash.
    near = [each.image_id for each in found.near(access, image, most=2 * most)]
    images = (
        Image.objects.visible_to(access)
        .in_gallery()
        .select_related("created_by")
        .defer("metadata")
        .in_bulk(near)
    )
    return [images[each] for each in near if each in images][:most]


class LookFinder:
    """Similar by colours and structure, within the project."""

    name: str = "look"
    label: str | Promise = _("Colours and structure")

    # Colours are what people mean by a similar look; structure decides between equals.
    colour_weight = 0.7

    def near(self, access: Access, image: Image, *, most: int) -> Sequence[Near]:
        """Among those that share a quarter of the hash or their main colours, the nearest."""
        look = ImageLook.objects.visible_to(access).filter(pk=image.pk).first()
        if look is None:
            return []
        found = {
            pk: self._distance(look, phash, bytes(colours))
            for candidates in chain(sharing_a_band(look), sharing_colours(look))
            for pk, phash, colours in candidates.values_list("pk", "phash", "colours")
        }
        nearest = sorted(found.items(), key=lambda pair: (pair[1], -pair[0]))
        return [Near(image_id, distance) for image_id, distance in nearest[:most]]

    def _distance(self, look: ImageLook, phash: int, colours: bytes) -> float:
        # Half of the bits differ between pictures that have nothing in common.
        structure = min(1.0, 2 * hash_distance(look.phash, phash) / HASH_BITS)
        colour = colour_distance(bytes(look.colours), colours)
        return self.colour_weight * colour + (1 - self.colour_weight) * structure


register(LookFinder())
