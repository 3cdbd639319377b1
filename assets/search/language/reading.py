"""From text to a query. Whatever the text says, this answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assets.search.language.fields import NAMES, Field, Kind, field_named
from assets.search.language.grammar import Item, Piece, cleaned, has_letters, items_of, quoted
from assets.search.language.grammar import written as spelled
from assets.search.language.mistakes import Mistake, closest
from assets.search.language.query import Chip, Condition, Query, Sort, Value, Word
from assets.search.language.value_reading import UnreadableValue, read_value
from assets.search.language.values import Range

LENGTH_LIMIT: Final = 1000
ITEM_LIMIT: Final = 50


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means, and what in it means nothing, from left to right."""

    query: Query
    mistakes: tuple[Mistake, ...] = ()


def parse(text: str) -> Reading:
    """Read a text in the query language. Mistakes are left out and told; nothing is raised."""
    reader = _Reader(cleaned(text[:LENGTH_LIMIT]))
    if len(text) > LENGTH_LIMIT:
        reader.mistake(LENGTH_LIMIT, 0, _("Only the first 1000 characters were read."))
    items = items_of(reader.text)
    for index, item in enumerate(items[:ITEM_LIMIT]):
        reader.read(item, items[index + 1] if index + 1 < len(items) else None)
    if len(items) > ITEM_LIMIT:
        start = items[ITEM_LIMIT].start
        reader.mistake(start, 0, _("Only the first 50 words and conditions were read."))
    return reader.finished()


@dataclass(slots=True)
class _Reader:
    text: str
    chips: list[Chip] = field(default_factory=list)
    sort: Sort | None = None
    last: int | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    def finished(self) -> Reading:
        query = Query(sort=self.sort or Sort.NEWEST, last=self.last).with_(*self.chips)
        mistakes = sorted(self.mistakes, key=lambda each: each.position)
        return Reading(query, tuple(mistakes))

    def mistake(
        self,
        start: int,
        end: int,
        words: Promise,
        suggestion: str = "",
        **names: str | int | Promise,
    ) -> None:
        """Note a mistake between two places of the text, counted from 0."""
        self.mistakes.append(
            Mistake(
                position=start + 1,
                length=max(end - start, 0),
                words=words,
                names=tuple(names.items()),
                suggestion=suggestion,
            )
        )

    def read(self, item: Item, following: Item | None) -> None:
        for piece in item.pieces:
            if piece.is_open and piece.text.strip():
                self.mistake(
                    piece.start, piece.end, _("This quotation mark is not closed."), _close(piece)
                )
        if item.name is None:
            self._words(item)
        elif (known := field_named(item.name.text)) is None:
            self._unknown(item, item.name)
        elif not any(piece.text.strip() for piece in item.pieces):
            self._missing(item, known, following)
        elif known.kind in (Kind.ORDER, Kind.COUNT):
            self._instruction(item, known)
        else:
            self._condition(item, known)

    def _words(self, item: Item) -> None:
        for piece in item.pieces:
            text = " ".join(piece.text.split())
            if has_letters(text):
                self.chips.append(Word(text, item.negated, piece.is_quoted))

    def _unknown(self, item: Item, name: Piece) -> None:
        close = closest(name.text, NAMES)
        minus = "-" if item.negated else ""
        rest = self.text[name.end : item.end]
        # Without a field that it could mean, it may be text that has a colon in it.
        values = ",".join(piece.text for piece in item.pieces)
        literal = quoted(" ".join(f"{name.text}{self.text[name.end - 1]}{values}".split()))
        self.mistake(
            item.start,
            item.end,
            _("There is no field “%(name)s”."),
            minus + (f"{close}:{rest}" if close else literal),
            name=name.text,
        )

    def _missing(self, item: Item, known: Field, following: Item | None) -> None:
        end, suggestion = item.end, ""
        if following and following.name is None and not following.negated:
            # `steps: 8` was perhaps meant as `steps:8`.
            end = following.end
            minus = "-" if item.negated else ""
            suggestion = f"{minus}{known.name}:{self.text[following.start : following.end]}"
        self.mistake(
            item.start,
            end,
            _("Behind %(field)s: stands a value without a space, like %(field)s:%(example)s."),
            suggestion,
            field=known.name,
            example=known.example,
        )

    def _values(self, item: Item, known: Field) -> list[Value]:
        values: list[Value] = []
        pieces = [(piece, " ".join(piece.text.split())) for piece in item.pieces]
        pieces = [(piece, text) for piece, text in pieces if text]
        for piece, text in pieces:
            try:
                values.append(read_value(known, text))
            except UnreadableValue as error:
                start, end, suggestion = piece.start, piece.end, error.suggestion
                if suggestion:
                    suggestion = spelled(suggestion)
                if len(pieces) == 1:
                    start, end = item.start, item.end
                    minus = "-" if item.negated else ""
                    suggestion = f"{minus}{known.name}:{suggestion}" if suggestion else ""
                self.mistake(start, end, error.words, suggestion, **error.names)
        return list(dict.fromkeys(values))

    def _condition(self, item: Item, known: Field) -> None:
        if values := self._values(item, known):
            self.chips.append(Condition(known.name, tuple(values), item.negated))

    def _instruction(self, item: Item, known: Field) -> None:
        if item.negated:
            positive = self.text[item.name.start if item.name else item.start : item.end]
            self.mistake(
                item.start,
                item.end,
                _("%(field)s cannot be turned round with a minus."),
                positive,
                field=known.name,
            )
            return
        values = self._values(item, known)
        if not values:
            return
        value = values[-1]
        if isinstance(value, Range):
            self._count(item, known, value)
            return
        if len(values) > 1 or self.sort is not None:
            self.mistake(item.start, item.end, _("Only one order counts: the last one."))
        self.sort = Sort(str(value))

    def _count(self, item: Item, known: Field, value: Range[Any]) -> None:
        if not value.is_one:
            self.mistake(
                item.start,
                item.end,
                _("%(field)s needs one number, like %(example)s."),
                f"{known.name}:{known.example}",
                field=known.name,
                example=known.example,
            )
        elif isinstance(value.low, int):
            # The smaller of two counts holds for both.
            self.last = value.low if self.last is None else min(self.last, value.low)


def _close(piece: Piece) -> str:
    return quoted(" ".join(piece.text.split()))
