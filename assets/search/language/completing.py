"""What somebody is about to write at the cursor, so that it can be suggested."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from assets.search.language.fields import FIELDS, Choice, Field, field_named
from assets.search.language.grammar import MINUSES, Item, Piece, cleaned, items_of, written
from assets.search.language.reading import LENGTH_LIMIT


class Part(Enum):
    """What stands at the cursor: a word that may become the name of a field, or a value."""

    WORD = auto()
    VALUE = auto()


@dataclass(frozen=True, slots=True)
class Completion:
    """What a suggestion would replace: the text from `start` up to `end`.

    `prefix` is what is written of it up to the cursor, without quotes. `field` is the field whose
    value is written; `None` for a word, and for the value of a field that does not exist.
    """

    part: Part
    prefix: str
    start: int
    end: int
    field: Field | None = None

    def insertion(self, value: str) -> str:
        """How a suggested value is written in place of the prefix."""
        return written(value)


def completion_at(text: str, cursor: int) -> Completion:
    """What is being written at the cursor, a place from 0 to the length of the text."""
    text = cleaned(text[:LENGTH_LIMIT])
    cursor = min(max(cursor, 0), len(text))
    before = items_of(text[:cursor])
    item = before[-1] if before and before[-1].end == cursor else None
    if item is None:
        return Completion(Part.WORD, "", cursor, cursor)
    last = item.pieces[-1] if item.pieces else None
    if item.name is None:
        if last is None or (last.text in MINUSES and not last.is_quoted):
            return Completion(Part.WORD, "", cursor, cursor)  # right behind a minus
        return Completion(Part.WORD, last.text, last.start, _end(text, last.start, cursor))
    if last is None or last.end < cursor:
        last = Piece("", cursor, cursor)  # right behind a colon or a comma
    return Completion(
        Part.VALUE,
        last.text,
        last.start,
        _end(text, last.start, cursor),
        field_named(item.name.text),
    )


def _end(text: str, start: int, cursor: int) -> int:
    """Where that what begins at `start` ends when the text behind the cursor is read as well."""
    for item in items_of(text):
        for piece in _parts(item):
            # An open quote runs to the end of the text, and would swallow what comes after.
            if piece.start == start and not piece.is_open:
                return max(piece.end, cursor)
    return cursor


def _parts(item: Item) -> tuple[Piece, ...]:
    # Typed in front of a condition, a word becomes part of the name: `sta|tus:approved`.
    name = item.name
    if name is None:
        return item.pieces
    return (Piece(name.text, name.start, name.end), *item.pieces)


def fields_like(prefix: str) -> list[Field]:
    """The fields whose name, alias or label begins so, those asked for most first."""
    begun = prefix.lower()
    return [each for each in FIELDS.values() if any(map(_beginning(begun), _spellings(each)))]


def choices_like(field: Field, prefix: str) -> list[Choice]:
    """The values of a field with a list of them whose value, alias or label begins so."""
    begins = _beginning(prefix.lower())
    return [
        each
        for each in field.choices
        if any(map(begins, (each.value, str(each.label).lower(), *each.aliases)))
    ]


def _spellings(field: Field) -> tuple[str, ...]:
    return (field.name, str(field.label).lower(), *field.aliases)


def _beginning(begun: str) -> Callable[[str], bool]:
    return lambda spelling: spelling.startswith(begun)
