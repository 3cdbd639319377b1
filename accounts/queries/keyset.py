"""Pages of a list that stay right while the list grows: each begins after the last row seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[ModelT]):
    """Some rows by id. `cursor`, the last one's id, begins the next page; `None` at the end."""

    rows: list[ModelT]
    cursor: int | None


def keyset_page(
    rows: QuerySet[ModelT], *, size: int, cursor: int | None = None, descending: bool = False
) -> KeysetPage[ModelT]:
    """Up to `size` rows by id, after the one with the id `cursor`."""
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor) if descending else rows.filter(pk__gt=cursor)
    found = list(rows.order_by("-pk" if descending else "pk")[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    return KeysetPage(found, found[-1].pk if has_more else None)
