"""Pictures side by side on pages, each with its name and seed: to print, to send, to talk about."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image as Pillow
from PIL import ImageDraw

from assets import storage
from assets.exports.fonts import letters

# A4 at 150 dots per inch.
PAGE: Final = (1240, 1754)
DPI: Final = 150
COLUMNS: Final = 4
ROWS: Final = 5
ON_A_PAGE: Final = COLUMNS * ROWS
MOST_PICTURES: Final = 1000
"""Fifty pages. More is no overview."""

_MARGIN: Final = 64
_HEAD: Final = 84
_FOOT: Final = 40
_GAP: Final = 24
_CAPTION: Final = 56
_TITLE_SIZE, _NAME_SIZE, _FACT_SIZE = 30, 18, 16
_INK, _FAINT, _EMPTY = "#16181d", "#6b7280", "#e5e7eb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """One picture of a sheet. `thumb` is the path of its thumbnail; empty where there is none."""

    name: str
    facts: str
    thumb: str


def pages(pictures: Iterable[Pasted], *, title: str, total: int) -> Iterator[Pillow.Image]:
    """The pages, one at a time; at least one. `total` is how many pictures there will be."""
    rest = iter(pictures)
    count = max(1, -(-total // ON_A_PAGE))
    for number in range(1, count + 1):
        foot = _("Page %(number)d of %(count)d") % {"number": number, "count": count}
        yield _page(list(islice(rest, ON_A_PAGE)), title=title, foot=foot)


def as_pdf(sheets: Iterable[Pillow.Image], file: io.BufferedRandom, *, title: str) -> None:
    """Write the pages into an open file as one PDF; one page is in memory at a time."""
    for number, page in enumerate(sheets):
        file.seek(0)
        page.save(
            file,
            "PDF",
            append=number > 0,
            resolution=DPI,
            quality=88,
            title=title,
            producer="Atelier",
        )


def as_png(page: Pillow.Image) -> bytes:
    """One page as a PNG."""
    file = io.BytesIO()
    page.save(file, "PNG", dpi=(DPI, DPI), compress_level=6)
    return file.getvalue()


def _page(pictures: list[Pasted], *, title: str, foot: str) -> Pillow.Image:
    page = Pillow.new("RGB", PAGE, "white")
    draw = ImageDraw.Draw(page)
    width, height = PAGE
    heading, small = letters(_TITLE_SIZE), letters(_FACT_SIZE)
    shown = heading.fitting(title, width - 2 * _MARGIN)
    heading.draw(draw, (_MARGIN, _MARGIN + _TITLE_SIZE), shown, _INK)
    small.draw(draw, (width - _MARGIN - small.width(foot), height - _MARGIN / 2), foot, _FAINT)
    wide = (width - 2 * _MARGIN - (COLUMNS - 1) * _GAP) // COLUMNS
    high = (height - 2 * _MARGIN - _HEAD - _FOOT - (ROWS - 1) * _GAP) // ROWS
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        left = _MARGIN + column * (wide + _GAP)
        top = _MARGIN + _HEAD + row * (high + _GAP)
        _paste(page, draw, picture, (left, top, wide, high))
    return page


def _paste(
    page: Pillow.Image,
    draw: ImageDraw.ImageDraw,
    picture: Pasted,
    box: tuple[int, int, int, int],
) -> None:
    left, top, wide, high = box
    thumb = _thumb(picture.thumb, (wide, high - _CAPTION))
    bottom = top + high - _CAPTION
    if thumb is None:
        draw.rectangle((left, top, left + wide - 1, bottom - 1), fill=_EMPTY)
    else:
        # All stand on one line above their captions.
        page.paste(thumb, (left + (wide - thumb.width) // 2, bottom - thumb.height))
    name, facts = letters(_NAME_SIZE), letters(_FACT_SIZE)
    name.draw(draw, (left, bottom + 26), name.fitting(picture.name, wide), _INK)
    facts.draw(draw, (left, bottom + 49), facts.fitting(picture.facts, wide), _FAINT)


def _thumb(path: str, most: tuple[int, int]) -> Pillow.Image | None:
    if not path:
        return None
    try:
        with Pillow.open(io.BytesIO(storage.read(path)), formats=["WEBP", "PNG", "JPEG"]) as file:
            small = file.convert("RGB")
    except (storage.StorageError, OSError, SyntaxError, ValueError):
        return None
    small.thumbnail(most, Pillow.Resampling.LANCZOS)
    return small
