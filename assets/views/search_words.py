"""A query in the words of whoever reads it, part by part, each with the way to drop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext

from assets.search.language import (
    FIELDS,
    Condition,
    Field,
    Kind,
    Mistake,
    Query,
    Range,
    Word,
    corrected,
)
from assets.search.language.fields import ORDERS
from assets.search.language.query import Sort, Value, value_text

Names = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ShownChip:
    """A part of a query in words; `url` is the same search without it."""

    label: str
    url: str
    negated: bool = False


def search_url(address: str, query: Query) -> str:
    """The page of a gallery that shows what a query finds."""
    return text_url(address, str(query))


def text_url(address: str, text: str) -> str:
    """The page of a gallery that shows what a text finds."""
    return f"{address}?{urlencode({'q': text})}" if text else address


def chips_of(query: Query, address: str, names: Names = str) -> list[ShownChip]:
    """Every part of a query, in order; `names` tells how a person is called."""
    return [
        ShownChip(label, search_url(address, rest), negated)
        for label, rest, negated in _parts(query, names)
    ]


@dataclass(frozen=True, slots=True)
class ShownMistake:
    """What could not be understood, and where its correction leads."""

    sentence: str
    question: str
    url: str


def mistakes_of(text: str, mistakes: tuple[Mistake, ...], address: str) -> list[ShownMistake]:
    """The mistakes of a text in words; the first is corrected by one click, the others after."""
    return [
        ShownMistake(
            mistake.sentence,
            mistake.question,
            text_url(address, corrected(text, mistake)) if mistake.suggestion else "",
        )
        for mistake in mistakes
    ]


@dataclass(frozen=True, slots=True)
class WayOut:
    """A part of a query that finds nothing, and what the query finds without it."""

    label: str
    url: str
    count: str


def counted(count: int, limit: int) -> str:
    """A count in words; one beyond the limit stands for "more"."""
    if count > limit:
        return _("%(limit)s+") % {"limit": number_format(limit, use_l10n=True)}
    return number_format(count, use_l10n=True)


def droppable(query: Query, names: Names = str) -> list[tuple[str, Query]]:
    """What narrows a query, in words, and the query without it."""
    return [
        (label, rest) for label, rest, _negated in _parts(query, names) if rest.sort is query.sort
    ]


def _parts(query: Query, names: Names) -> Iterator[tuple[str, Query, bool]]:
    for word in query.words:
        yield word_words(word), query.without(word), word.negated
    for condition in query.conditions:
        yield condition_words(condition, names), query.without(condition), condition.negated
    if query.last is not None:
        newest = ngettext("The newest one", "The newest %(count)s", query.last)
        yield newest % {"count": query.last}, query.with_last(None), False
    if query.sort is not Sort.NEWEST:
        order = next(each for each in ORDERS if each.value == query.sort)
        yield str(order.label), query.sorted_by(Sort.NEWEST), False


def word_words(word: Word) -> str:
    """A word or a phrase, in quotes."""
    sentence = _("Without “%(text)s”") if word.negated else _("“%(text)s”")
    return sentence % {"text": word.text}


def condition_words(condition: Condition, names: Names = str) -> str:
    """A condition: what is asked about and what it should be."""
    field = FIELDS[condition.field]
    or_ = _(" or ")
    values = or_.join(value_words(field, value, names) for value in condition.values)
    flagged = FLAG_SENTENCES.get(field.name)
    if flagged:
        sentence = str(flagged[condition.negated])
    elif condition.negated:
        sentence = _("%(field)s not: %(values)s")
    else:
        sentence = _("%(field)s: %(values)s")
    return sentence % {"field": field.label, "values": values}


# Their values are half a sentence: "Starred by me". What it is when it is so, and when it is not.
FLAG_SENTENCES: Final[Mapping[str, tuple[str | Promise, str | Promise]]] = {
    "is": ("%(values)s", gettext_lazy("Not: %(values)s")),
    "has": (gettext_lazy("With: %(values)s"), gettext_lazy("Without: %(values)s")),
}


def numbers_in(query: Query) -> set[int]:
    """The accounts that a query names by their numbers."""
    people = (
        str(value)[1:]
        for condition in query.conditions
        if FIELDS[condition.field].kind is Kind.PERSON
        for value in condition.values
        if str(value).startswith("#")
    )
    return {int(each) for each in people if each.isascii() and each.isdigit() and len(each) < 19}


def named(people: Mapping[int, str]) -> Names:
    """How people are called in words; whoever is not known stays as written."""
    spelled = {f"#{number}": name for number, name in people.items()}
    return lambda written: spelled.get(written, written)


def value_words(field: Field, value: Value, names: Names = str) -> str:
    """One value of a field in words."""
    if isinstance(value, Range):
        return _range_words(field, value)
    if field.kind is Kind.CHOICE and (choice := field.choice(str(value))):
        return str(choice.label)
    if field.kind is Kind.PERSON:
        return _("me") if value == "me" else names(str(value))
    if field.kind is Kind.SIZE:
        return value_text(value, field.kind).replace("x", " × ")
    return value_text(value, field.kind)


def _range_words(field: Field, value: Range[Any]) -> str:
    end = _day_words if field.kind is Kind.DATE else _number_words
    low = None if value.low is None else end(field, value.low)
    high = None if value.high is None else end(field, value.high)
    if value.is_one:
        return str(low)
    if high is None:
        return f"{'>' if value.excludes_low else '≥'} {low}"
    if low is None:
        return f"{'<' if value.excludes_high else '≤'} {high}"
    return f"{low} – {high}"


def _number_words(field: Field, value: Any) -> str:
    if field.kind is Kind.BYTES or field.name in ("seed", "version"):
        return value_text(Range.only(value), field.kind)
    return number_format(value_text(Range.only(value), field.kind), use_l10n=True)


def _day_words(_field: Field, stretch: Any) -> str:
    text = str(stretch)
    if text in ("today", "yesterday"):
        return _("today") if text == "today" else _("yesterday")
    if stretch.is_relative:
        count, unit = int(text[:-1]), text[-1]
        return _LAST[unit](count) % {"count": count}
    year, *rest = (int(each) for each in text.split("-"))
    if not rest:
        return str(year)
    day = date(year, rest[0], rest[1] if len(rest) > 1 else 1)
    return date_format(day, "DATE_FORMAT" if len(rest) > 1 else "YEAR_MONTH_FORMAT")


_LAST: Final[dict[str, Callable[[int], str]]] = {
    "d": lambda n: npgettext("time", "the last day", "the last %(count)s days", n),
    "w": lambda n: npgettext("time", "the last week", "the last %(count)s weeks", n),
    "m": lambda n: npgettext("time", "the last month", "the last %(count)s months", n),
    "y": lambda n: npgettext("time", "the last year", "the last %(count)s years", n),
}
