"""The gallery of a project: what is looked for, one page of it, and what can be filtered by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import User
from assets.models import Image, ImageQuerySet
from assets.queries.text_search import matching
from assets.types import ReviewStatus

PAGE_SIZE = 60
TEXT_LIMIT = 200
LARGEST_ID = 2**63 - 1


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
    """What somebody looks for in a gallery. Empty values look for everything.

    `cursor` is the id below which the page begins. `mistakes` are sentences about what could not
    be understood and was left out.
    """

    text: str = ""
    status: ReviewStatus | None = None
    person: int | None = None
    model: str = ""
    cursor: int | None = None
    mistakes: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, params: Mapping[str, str]) -> Self:
        """Read a query string. Whatever it says, this answers: nonsense becomes a mistake."""
        mistakes: list[str] = []
        text = _clean(params.get("text", ""))
        if len(text) > TEXT_LIMIT:
            text = text[:TEXT_LIMIT].rstrip()
            mistakes.append(_("Only the first 200 characters of the text were looked for."))
        written = params.get("status", "")
        if written and written not in ReviewStatus.values:
            mistakes.append(_("This review status does not exist, so it was left out."))
            written = ""
        return cls(
            text=text,
            status=ReviewStatus(written) if written else None,
            person=_whole(
                params.get("person", ""),
                mistakes,
                _("This person cannot be looked for, so they were left out."),
            ),
            model=_clean(params.get("model", ""))[:TEXT_LIMIT],
            cursor=_whole(
                params.get("cursor", ""),
                mistakes,
                _("This place in the gallery does not exist; here is its beginning."),
            ),
            mistakes=tuple(mistakes),
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the gallery."""
        return bool(self.text or self.status or self.person is not None or self.model)

    def query(self, *, cursor: int | None = None) -> str:
        """The query string that asks for this again, from `cursor` on; empty for everything."""
        values = {
            "text": self.text,
            "status": self.status.value if self.status else "",
            "person": "" if self.person is None else str(self.person),
            "model": self.model,
            "cursor": "" if cursor is None else str(cursor),
        }
        return urlencode({name: value for name, value in values.items() if value})

    def without(self, name: str) -> Self:
        """The same search with one filter taken away."""
        empty: dict[str, Any] = {"text": "", "status": None, "person": None, "model": ""}
        return replace(self, **{name: empty[name]})

    def images(self, access: Access, project_id: int) -> ImageQuerySet:
        """Everything that is found, without order."""
        images = Image.objects.visible_to(access).in_gallery().filter(project_id=project_id)
        if self.status:
            images = images.filter(review_status=self.status)
        if self.person is not None:
            images = images.filter(created_by_id=self.person)
        if self.model:
            images = images.filter(model_name=self.model)
        return matching(images, self.text) if self.text else images

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


def _clean(text: str) -> str:
    # NUL characters cannot be asked of PostgreSQL, and nobody means them.
    return " ".join(text.replace("\0", " ").split())


def _whole(text: str, mistakes: list[str], mistake: str) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID:
        return int(text)
    mistakes.append(mistake)
    return None
