"""What there is to choose from: the values of a field, and how many images each has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, F

from accounts.access import Access
from assets.queries.gallery import GallerySearch


@dataclass(frozen=True, slots=True)
class Counted:
    """One value of a field, as one would write it; `count` is one beyond the limit for "more"."""

    field: str
    value: str
    count: int


COLUMNS: Final = {
    "status": "review_status",
    "by": "created_by__name",
    "model": "model_name",
    "template": "template_version__template__name",
}


def values_like(
    access: Access, project_id: int, fields: Sequence[str], beginning: str, *, most: int
) -> list[Counted]:
    """The values of these fields that begin so, the most frequent first."""
    found = [
        value
        for name in fields
        for value in _counted(access, project_id, GallerySearch(), name, beginning)
    ]
    return sorted(found, key=lambda each: -each.count)[:most]


def facets_of(
    access: Access, project_id: int, search: GallerySearch, fields: Sequence[str]
) -> list[Counted]:
    """What is found by value: the most frequent values of each of these fields."""
    return [
        value for name in fields for value in _counted(access, project_id, search, name, "")[:8]
    ]


def _counted(
    access: Access, project_id: int, search: GallerySearch, name: str, beginning: str
) -> list[Counted]:
    column = COLUMNS.get(name)
    if column is None:
        return []
    images = search.images(access, project_id).filter(**{f"{column}__istartswith": beginning})
    rows = images.order_by().values_list(F(column)).annotate(Count("pk"))
    found = [Counted(name, value, count) for value, count in rows if value]
    return sorted(found, key=lambda each: (-each.count, each.value))
