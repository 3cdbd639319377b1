"""What was asked of a gallery, for `assets/_asked.html` and `assets/_nothing_found.html`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from accounts.access import Access
from assets.queries.gallery import GallerySearch
from assets.queries.makers import maker_names
from assets.queries.searching import COUNT_LIMIT
from assets.views.search_words import (
    Names,
    WayOut,
    chips_of,
    counted,
    droppable,
    mistakes_of,
    named,
    numbers_in,
    search_url,
)

MOST_TRIED: Final = 4


def what_was_asked(
    access: Access, project_id: int, search: GallerySearch, address: str, *, is_found: bool
) -> dict[str, Any]:
    """Chips, mistakes and, for a search that found nothing, the ways out of it."""
    names = named(maker_names(access, project_id, numbers_in(search.asked)))
    return {
        "chips": chips_of(search.asked, address, names),
        "mistakes": mistakes_of(search.text, search.mistakes, address),
        "ways_out": [] if is_found else _ways_out(access, project_id, search, address, names),
    }


def _ways_out(
    access: Access, project_id: int, search: GallerySearch, address: str, names: Names
) -> list[WayOut]:
    """Which parts of a search that finds nothing stand alone in the way; a few are tried."""
    tried = [
        (label, rest, replace(search, asked=rest).count(access, project_id))
        for label, rest in droppable(search.asked, names)[:MOST_TRIED]
    ]
    return [
        WayOut(label, search_url(address, rest), counted(count, COUNT_LIMIT))
        for label, rest, count in tried
        if count
    ]
