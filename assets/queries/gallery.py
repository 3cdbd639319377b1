"""The gallery of a project: what is looked for, and one page of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from assets.models import Image, ImageQuerySet
from assets.queries.searching import Place, Search, as_queryset, count_of, ids_of, page_of, prepare
from assets.search.language import Chip, Mistake, Query, Word, parse
from assets.search.language.grammar import cleaned, has_letters, quoted

PAGE_SIZE = 60
TEXT_LIMIT = 200
LARGEST_ID = 2**63 - 1
EVERYTHING = Query()


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """Up to `PAGE_SIZE` images in order. `cursor` begins the next page; `None` at the end."""

    images: list[Image]
    cursor: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GallerySearch:
    """What somebody looks for in a gallery: a query of the search language, and from where on.

    `text` is the query as it was typed, mistakes and all; `mistakes` is what of it was left out.
    `cursor` is the place after which the page begins.
    """

    asked: Query = EVERYTHING
    cursor: Place | None = None
    text: str = field(default="", compare=False)
    mistakes: tuple[Mistake, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, params: Mapping[str, str]) -> Self:
        """Read a query string. Whatever it says, this answers: nonsense becomes a mistake.

        `q` is the search. Addresses from before there was a language are understood as well:
        `text`, `status`, `person` and `model` become words and conditions.
        """
        reading = parse(params.get("q", ""))
        mistakes = list(reading.mistakes)
        asked = reading.query.with_(*_old_chips(params, mistakes))
        cursor = Place.read(params.get("cursor", ""))
        if cursor is None and params.get("cursor"):
            words = _("This place in the gallery does not exist; here is its beginning.")
            mistakes.append(Mistake(position=0, length=0, words=words))
        is_old = asked != reading.query
        if is_old:  # what is shown then is another text than the one that was read
            mistakes = list(map(_without_place, mistakes))
        return cls(
            asked=asked,
            cursor=cursor,
            text=str(asked) if is_old else cleaned(params.get("q", "")),
            mistakes=tuple(mistakes),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the gallery."""
        return not self.asked.is_empty

    def query(self, *, cursor: Place | None = None) -> str:
        """The query string that asks for this again, from `cursor` on; empty for everything."""
        values = {"q": str(self.asked), "cursor": "" if cursor is None else str(cursor)}
        return urlencode({name: value for name, value in values.items() if value})

    def images(self, access: Access, project_id: int) -> ImageQuerySet:
        """Everything that is found, without order: to be narrowed, not to be paged through."""
        return as_queryset(self.prepared(access, project_id), access)

    def prepared(self, access: Access, project_id: int) -> Search:
        """The query made ready for the index, for those who ask it more than one question."""
        return prepare(access, project_id, self.asked)

    def page(self, access: Access, project_id: int, *, size: int = PAGE_SIZE) -> GalleryPage:
        """One page in its order: ids by the index, rows by their ids. Pages stay right while
        pictures arrive.
        """
        found = self.prepared(access, project_id)
        places = page_of(found, size=size + 1, after=self.cursor)
        has_more = len(places) > size
        places = places[:size]
        return GalleryPage(
            images=images_at(access, places), cursor=places[-1] if has_more else None
        )

    def neighbours(self, access: Access, image: Image) -> tuple[Image | None, Image | None]:
        """The image before one and the one after it, among what is found and in its order."""
        found = self.prepared(access, image.project_id)
        here = found.place_of(image)
        before = page_of(found, size=1, after=here, backwards=True)
        after = page_of(found, size=1, after=here)
        images = {each.pk: each for each in images_at(access, [*before, *after])}
        return (
            images.get(before[0].id) if before else None,
            images.get(after[0].id) if after else None,
        )

    def count(self, access: Access, project_id: int) -> int:
        """How many are found; one more than `searching.COUNT_LIMIT` when there are more."""
        return count_of(self.prepared(access, project_id))

    def ids(self, access: Access, project_id: int, *, up_to: int | None = None) -> Iterator[int]:
        """The ids of everything that is found, newest first, read in chunks while they are used.

        What arrived after the image `up_to` is left out.
        """
        return ids_of(self.prepared(access, project_id), up_to=up_to)


def images_at(access: Access, places: Sequence[Place]) -> list[Image]:
    """The images at places, in the same order, with their makers and without their snapshots."""
    images = (
        Image.objects.visible_to(access)
        .filter(pk__in=[place.id for place in places])
        .select_related("created_by")
        .defer("metadata")
    )
    found = {image.pk: image for image in images} if places else {}
    return [found[place.id] for place in places if place.id in found]


def _old_chips(params: Mapping[str, str], mistakes: list[Mistake]) -> Iterator[Chip]:
    """The filters of addresses from before there was a language."""
    for word in cleaned(params.get("text", "")[:TEXT_LIMIT]).split():
        if has_letters(word):
            yield Word(word)
    for name, field_name in (("status", "status"), ("person", "by"), ("model", "model")):
        written = " ".join(cleaned(params.get(name, "")).split())
        if not written:
            continue
        if name == "person" and _whole(written) is not None:
            written = f"#{_whole(written)}"
        reading = parse(f"{field_name}:{quoted(written)}")
        mistakes += map(_without_place, reading.mistakes)
        yield from reading.query.conditions


def _without_place(mistake: Mistake) -> Mistake:
    return replace(mistake, position=0, length=0, suggestion="")


def _whole(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID:
        return int(text)
    return None
