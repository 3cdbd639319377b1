"""Cards of pictures.

A wall has sixty of them and is the page that is drawn most. A template took 12 ms for it, this
takes one: whatever is the same on many cards is put together once per language and kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple

from django import template
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from portal.templatetags.components import aspect_class, icon, look_of

register = template.Library()

_CARD: Final = (
    '<div class="card {shape}{starred}"{attributes}><a class="card-link" href="{url}"{current}>'
    '<img src="{thumb}" width="{width}" height="{height}" alt="{alt}" decoding="async"{lazy}></a>'
    '{marks}<span class="card-caption" aria-hidden="true">{alt}</span></div>'
)


@register.simple_tag
def wall_card(card: Any) -> SafeString:
    """A card of a wall: `{% wall_card card %}`, of an `assets.views.cards.Card`."""
    attributes = f' data-uid="{card.id}"'
    if card.rating:
        attributes += f' data-rating="{card.rating}"'
    if card.place:
        attributes += f' data-place="{card.place}"'
    if card.day:
        attributes += f' data-day="{card.day}"'
    if card.placeholder:
        attributes += f' data-placeholder="{escape(card.placeholder)}"'
    if card.stack:
        attributes += f' data-stack="{card.stack}"'
    if card.count:
        attributes += f' data-count="{card.count}"'
    marks = _marks(
        _Marks(
            status=str(card.status),
            rating=card.rating,
            is_starred=card.starred,
            is_imported=card.is_imported,
            is_preview=card.is_preview,
            language=get_language() or "",
        )
    )
    return _card(card, attributes, marks)


@register.simple_tag
def small_card(**card: Any) -> SafeString:
    """A card by its parts; what `components/picture_card.html` is made of."""
    marks = _marks(
        _Marks(
            status=str(card["status"] or ""),
            is_preview=bool(card["is_preview"]),
            language=get_language() or "",
        )
    )
    return _card(
        _Parts(card),
        f' data-uid="{escape(card["id"])}"' if card["id"] else "",
        marks,
        current=' aria-current="true"' if card["current"] else "",
        lazy="" if card["lazy"] is False else ' loading="lazy"',
    )


class _Parts:
    """Named values as attributes."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)


def _card(
    card: Any, attributes: str, marks: str, *, current: str = "", lazy: str = ' loading="lazy"'
) -> SafeString:
    return mark_safe(  # noqa: S308  # every value is escaped or a number of ours
        _CARD.format(
            shape=aspect_class(card.width, card.height),
            starred=" is-starred" if getattr(card, "starred", False) else "",
            attributes=attributes,
            url=escape(card.url),
            current=current,
            thumb=escape(card.thumb),
            width=int(card.width or 0) or "",
            height=int(card.height or 0) or "",
            alt=escape(card.alt),
            lazy=lazy,
            marks=marks,
        )
    )


class _Marks(NamedTuple):
    """What the marks of a card depend on; they are words too, so on the language as well."""

    status: str
    language: str
    rating: int = 0
    is_starred: bool = False
    is_imported: bool = False
    is_preview: bool = False


@lru_cache(maxsize=2048)
def _marks(of: _Marks) -> str:
    marks = ""
    if of.rating:
        marks += _rating(of.rating, starred=of.is_starred)
    elif of.is_starred:
        marks += _mark("star", "card-own", gettext("Starred"))
    if of.is_imported:
        marks += _mark("upload", "card-imported", gettext("Imported"))
    if of.status:
        look = look_of(of.status)
        marks += _mark(look.icon, f"tone-{look.tone}" if look.tone else "is-quiet", look.label)
    html = f'<span class="card-marks">{marks}</span>' if marks else ""
    if of.is_preview:
        html += f'<span class="card-preview">{escape(gettext("Preview"))}</span>'
    return html


def _mark(name: str, css: str, label: str | Promise) -> SafeString:
    return format_html(
        '<span class="{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        f"card-mark {css}".rstrip(),
        label,
        icon(name),
        label,
    )


def _rating(rating: int, *, starred: bool) -> SafeString:
    words = gettext("Starred, rated {rating}") if starred else gettext("Rated {rating}")
    words = words.replace("{rating}", str(rating))
    return format_html(
        '<span class="card-mark card-own card-rating" title="{}"><span aria-hidden="true">{}</span>'
        '{}<span class="visually-hidden">{}</span></span>',
        words,
        rating,
        icon("star"),
        words,
    )
