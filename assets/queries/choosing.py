"""What there is to choose from: the values of a field, and how many images each has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import Access
from assets.queries.facets import facet_counts
from assets.queries.gallery import GallerySearch
from assets.queries.suggesting import suggest


@dataclass(frozen=True, slots=True)
class Counted:
    """One value of a field, as one would write it, and how many images have it.

    `is_least`: that many of the newest that were looked at, and perhaps more of the others.
    """

    field: str
    value: str
    count: int
    is_least: bool = False


def values_like(
    access: Access, project_id: int, fields: Sequence[str], beginning: str, *, most: int
) -> list[Counted]:
    """The values of these fields that are written so, the most frequent first, in one query."""
    found = suggest(access, project_id, fields, beginning, most=most)
    return [Counted(each.field, each.value, each.uses) for each in found]


def facets_of(
    access: Access, project_id: int, search: GallerySearch, fields: Sequence[str], *, most: int = 8
) -> list[Counted]:
    """What is found by value: the most frequent values of each of these fields, in one query."""
    counts = facet_counts(access, search.prepared(access, project_id))
    return [
        Counted(name, each.value, each.count, is_least=counts.is_capped)
        for name in fields
        for each in counts.fields.get(name, [])[:most]
    ]
