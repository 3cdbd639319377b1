"""The gallery of a project: what is looked for, one page of it, and what can be filtered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.models import User
from assets.models import Image, ImageQuerySet
from assets.queries.text_search import matching
from assets.search.language import Chip, Mistake, Query, Word, parse
from assets.search.language.grammar import cleaned, has_letters, quoted

PAGE_SIZE = 60
TEXT_LIMIT = 200
LARGEST_ID = 2**63 - 1
EVERYTHING = Query()


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """Up to `PAGE_SIZE` images, newest first. `cursor` begins the next page; `None` at the end."""

    images: list[Image]
    cursor: int | None


@dataclass(frozen=True, slots=True)
class Facets:
    """The values that occur in a project: its makers by name, its models by name."""

    people: list[User]
    models: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GallerySearch:
    """What somebody looks for in a gallery: a query of the search language, and from where on.

    `text` is the query as it was typed, mistakes and all; `mistakes` is what of it was left out.
    `cursor` is the id below which the page begins.
    """

    asked: Query = EVERYTHING
    cursor: int | None = None
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
        cursor = _whole(params.get("cursor", ""))
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

    def query(self, *, cursor: int | None = None) -> str:
        """The query string that asks for this again, from `cursor` on; empty for everything."""
        values = {"q": str(self.asked), "cursor": "" if cursor is None else str(cursor)}
        return urlencode({name: value for name, value in values.items() if value})

    def images(self, access: Access, project_id: int) -> ImageQuerySet:
        """Everything that is found, without order."""
        images = Image.objects.visible_to(access).in_gallery().filter(project_id=project_id)
        return matching(images, access, self.asked)

    def page(self, access: Access, project_id: int, *, size: int = PAGE_SIZE) -> GalleryPage:
        """One page, newest first, in one query. Pages stay right while pictures arrive."""
        found = self.images(access, project_id).select_related("created_by").defer("metadata")
        if self.cursor is not None:
            found = found.filter(id__lt=self.cursor)
        images = list(found.order_by("-id")[: size + 1])
        has_more = len(images) > size
        images = images[:size]
        return GalleryPage(images=images, cursor=images[-1].pk if has_more else None)

    def neighbours(self, access: Access, image: Image) -> tuple[Image | None, Image | None]:
        """The newer and the older image beside one, among what is found."""
        found = self.images(access, image.project_id).defer("metadata")
        newer = found.filter(id__gt=image.pk).order_by("id").first()
        older = found.filter(id__lt=image.pk).order_by("-id").first()
        return newer, older


def facets_of(access: Access, project_id: int) -> Facets:
    """What a project's gallery can be filtered by, in two queries."""
    images = Image.objects.visible_to(access).in_gallery().filter(project_id=project_id).order_by()
    return Facets(
        people=list(_people(images)),
        models=sorted(images.values_list("model_name", flat=True).distinct()),
    )


def _people(images: ImageQuerySet) -> QuerySet[User]:
    return User.objects.filter(pk__in=images.values("created_by_id")).order_by("name", "pk")


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
