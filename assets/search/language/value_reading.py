"""One value of a condition, from text; or the sentence that says why it is none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assets.search.language.days import Stretch
from assets.search.language.fields import Field, Group, Kind
from assets.search.language.mistakes import closest
from assets.search.language.query import Value, value_text
from assets.search.language.values import Pair, Range, Size

TEXT_LIMIT: Final = 200
ME: Final = frozenset({"me", "@me", "我", "我自己"})
SIGNS_OF_LOW: Final = frozenset({">", ">=", "=>", "≥"})
SIGNS_OF_HIGH: Final = frozenset({"<", "<=", "=<", "≤"})
UNITS: Final = {"": 1, "b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}

_comparison = re.compile(r"(>=|<=|=>|=<|>|<|=|≥|≤|)\s*(.*)").fullmatch
_range = re.compile(r"(.*?)\s*(?:\.{2,3}|~)\s*(.*)").fullmatch
_whole = re.compile(r"[+-]?\d{1,19}").fullmatch
_decimal = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,6})?").fullmatch
_bytes = re.compile(r"(\d{1,9}(?:\.\d{1,6})?|\d{1,19})\s*([kmgt]?)(?:i?b)?").fullmatch
_size = re.compile(r"(\d{1,6})\s*[x×*]\s*(\d{1,6})").fullmatch
_uid = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}").fullmatch
_hash = re.compile(r"[0-9a-f]{4,64}").fullmatch
_equals = re.compile(r"\s*[=＝]\s*")


class UnreadableValue(ValueError):
    """A value that means nothing to its field; `suggestion` is a value that would."""

    def __init__(self, words: Promise, suggestion: str = "", **names: str | int | Promise) -> None:
        super().__init__()
        self.words = words
        self.suggestion = suggestion
        self.names = names


def read_value(field: Field, text: str) -> Value:
    """The value that a text means to a field; raises `UnreadableValue`."""
    return READERS[field.kind](field, text)


def _name(field: Field, text: str) -> str:
    if len(text) > TEXT_LIMIT:
        raise UnreadableValue(
            _("What %(field)s is compared with may have up to 200 characters."),
            text[:TEXT_LIMIT].strip(),
            field=field.name,
        )
    return text


def _person(field: Field, text: str) -> str:
    return "me" if text.lower() in ME else _name(field, text)


def choice_keys(field: Field) -> dict[str, str]:
    """Every spelling of the values of a field with choices, and the value that it means."""
    keys: dict[str, str] = {}
    for choice in field.choices:
        for spelling in (choice.value, *choice.aliases):
            keys[plain(spelling)] = choice.value
    return keys


def _choice(field: Field, text: str) -> str:
    keys = choice_keys(field)
    written = plain(text)
    if written in keys:
        return keys[written]
    close = closest(written, keys)
    raise UnreadableValue(
        _("“%(value)s” is not a value of %(field)s; there are %(values)s."),
        keys[close] if close else "",
        value=text,
        field=field.name,
        values=", ".join(choice.value for choice in field.choices),
    )


def plain(text: str) -> str:
    """A choice as `choice_keys` spells it."""
    return _narrow(text).replace("_", "-").replace(" ", "-")


def _narrow(text: str) -> str:
    """Lower case, with full-width letters, digits and signs as the usual ones."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def _pair(field: Field, text: str) -> Pair:
    name, *rest = _equals.split(text, maxsplit=1)
    if not name:
        raise UnreadableValue(
            _("%(field)s needs a name before the equals sign, like %(example)s."),
            field=field.name,
            example=field.example,
        )
    return Pair(_name(field, name), _name(field, rest[0] if rest else ""))


def _id(field: Field, text: str) -> str:
    if not _uid(_narrow(text)):
        raise UnreadableValue(
            _("“%(value)s” is not an id like %(example)s."), value=text, example=field.example
        )
    return str(UUID(_narrow(text)))


def _hex(field: Field, text: str) -> str:
    if not _hash(_narrow(text)):
        raise UnreadableValue(
            _("“%(value)s” is not the beginning of a SHA-256: 4 to 64 digits from 0 to f."),
            value=text,
        )
    return _narrow(text)


def _pixels(field: Field, text: str) -> Size:
    found = _size(_narrow(text))
    if not found:
        raise UnreadableValue(
            _("“%(value)s” is not a size like %(example)s."),
            value=text,
            example=field.example,
        )
    return Size(int(found[1]), int(found[2]))


def _whole_number(field: Field, text: str) -> int | None:
    return int(text) if _whole(text) else None


def _decimal_number(field: Field, text: str) -> float | None:
    if field.group is Group.TIME:
        text = text.removesuffix("s")
    return float(text) if _decimal(text) else None


def _byte_count(field: Field, text: str) -> int | None:
    found = _bytes(text)
    if not found:
        return None
    unit = UNITS[found[2]]
    return int(found[1]) * unit if found[1].isdigit() else round(float(found[1]) * unit)


def _day(field: Field, text: str) -> Stretch | None:
    return Stretch.read(text)


def _read_range(
    field: Field, text: str, read: Callable[[Field, str], Any], words: Promise
) -> Range[Any]:
    """A comparison, a range or one value."""

    def end(written: str) -> Any:
        value = read(field, written)
        if value is None:
            raise UnreadableValue(words, value=text, field=field.name, example=field.example)
        return value

    narrow = _narrow(text)
    if found := _range(narrow):
        low, high = (end(each) if each else None for each in found.groups())
        return Range(low, high) if found[1] or found[2] else Range.only(end(narrow))
    found = _comparison(narrow)
    sign, value = (found[1], end(found[2])) if found else ("", end(narrow))
    if sign in SIGNS_OF_LOW:
        return Range(low=value, excludes_low=sign == ">")
    if sign in SIGNS_OF_HIGH:
        return Range(high=value, excludes_high=sign == "<")
    return Range.only(value)


def _check_bounds(field: Field, found: Range[Any]) -> None:
    for end in (found.low, found.high):
        if end is not None and not field.low <= end <= field.high:
            raise UnreadableValue(
                _("%(field)s runs from %(low)s to %(high)s."),
                field=field.name,
                low=field.low,
                high=field.high,
            )


def _check_order(field: Field, low: Any, high: Any, found: Range[Any]) -> None:
    if low is not None and high is not None and low > high:
        turned = Range(found.high, found.low)
        raise UnreadableValue(
            _("This range of %(field)s ends before it begins."),
            value_text(turned, field.kind),
            field=field.name,
        )


NUMBER_WORDS: Final = _("“%(value)s” is not a number for %(field)s, like %(example)s.")
BYTES_WORDS: Final = _("“%(value)s” is not a size of a file for %(field)s, like %(example)s.")
DATE_WORDS: Final = _("“%(value)s” is not a day, a month or a year, like %(example)s.")


def _wholes(field: Field, text: str) -> Range[int]:
    found = _read_range(field, text, _whole_number, NUMBER_WORDS)
    closed: Range[int] = Range(
        None if found.low is None else found.low + found.excludes_low,
        None if found.high is None else found.high - found.excludes_high,
    )
    _check_bounds(field, closed)
    _check_order(field, closed.low, closed.high, closed)
    return closed


def _byte_counts(field: Field, text: str) -> Range[int]:
    found = _read_range(field, text, _byte_count, BYTES_WORDS)
    _check_bounds(field, found)
    _check_order(field, found.low, found.high, found)
    return found


def _decimals(field: Field, text: str) -> Range[float]:
    found = _read_range(field, text, _decimal_number, NUMBER_WORDS)
    _check_bounds(field, found)
    _check_order(field, found.low, found.high, found)
    return found


def _days(field: Field, text: str) -> Range[Stretch]:
    found = _read_range(field, text, _day, DATE_WORDS)
    if found.low and found.high and not (found.low.is_relative or found.high.is_relative):
        # Any day will do for what does not move.
        today = date.min
        _check_order(field, found.low.bounds(today)[0], found.high.bounds(today)[0], found)
    return found


READERS: Final[dict[Kind, Callable[[Field, str], Value]]] = {
    Kind.NAME: _name,
    Kind.WORDS: _name,
    Kind.HASH: _hex,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.UID: _id,
    Kind.WHOLE: _wholes,
    Kind.BYTES: _byte_counts,
    Kind.DECIMAL: _decimals,
    Kind.DATE: _days,
    Kind.SIZE: _pixels,
    Kind.PAIR: _pair,
    Kind.ORDER: _choice,
    Kind.COUNT: _wholes,
}
