"""What is looked for, as one typed value that can be written, compared and kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from assets.search.language.days import Stretch
from assets.search.language.fields import FIELDS, Kind
from assets.search.language.grammar import can_stand_bare, quoted, written
from assets.search.language.values import Pair, Range, Size
from assets.types import ReviewStatus

Value = str | Range[int] | Range[float] | Range[Stretch] | Size | Pair


class Sort(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"
    REUSED = "reused"
    DOWNLOADS = "downloads"


@dataclass(frozen=True, slots=True)
class Word:
    """Text to be found anywhere. A phrase is found exactly as it stands, a word also as typed
    so far. What cannot be written without quotes is a phrase.
    """

    text: str
    negated: bool = False
    is_phrase: bool = False

    def __post_init__(self) -> None:
        if not can_stand_bare(self.text):
            object.__setattr__(self, "is_phrase", True)

    def __str__(self) -> str:
        return ("-" if self.negated else "") + (quoted(self.text) if self.is_phrase else self.text)


@dataclass(frozen=True, slots=True)
class Condition:
    """A field and the values of which one has to be there; of which none may be, if negated.

    The kind of the field (`fields.Kind`) tells what the values are.
    """

    field: str
    values: tuple[Value, ...]
    negated: bool = False

    def __post_init__(self) -> None:
        # Two spellings of one meaning: `is:approved` is kept as `status:approved`.
        if self.field == "is" and all(value in ReviewStatus.values for value in self.values):
            object.__setattr__(self, "field", "status")

    def __str__(self) -> str:
        kind = FIELDS[self.field].kind
        values = ",".join(written(value_text(value, kind)) for value in self.values)
        return f"{'-' if self.negated else ''}{self.field}:{values}"


Chip = Word | Condition


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for: every word and every condition at once.

    `last` cuts what is found to so many of the newest. `str(query)` is its canonical text, from
    which `parse` reads an equal query.
    """

    words: tuple[Word, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sort: Sort = Sort.NEWEST
    last: int | None = None

    def __str__(self) -> str:
        return " ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield from map(str, self.words)
        yield from map(str, self.conditions)
        if self.last is not None:
            yield f"last:{self.last}"
        if self.sort is not Sort.NEWEST:
            yield f"sort:{self.sort}"

    @property
    def is_empty(self) -> bool:
        """Whether everything is found; the order does not matter for that."""
        return not self.words and not self.conditions and self.last is None

    def with_(self, *chips: Chip) -> Self:
        """The same with more words or conditions; what is there already stays once."""
        words = dict.fromkeys(self.words)
        conditions = dict.fromkeys(self.conditions)
        for chip in chips:
            if isinstance(chip, Word):
                words[chip] = None
            else:
                conditions[chip] = None
        return replace(self, words=tuple(words), conditions=tuple(conditions))

    def without(self, *chips: Chip) -> Self:
        """The same without these words or conditions."""
        return replace(
            self,
            words=tuple(word for word in self.words if word not in chips),
            conditions=tuple(each for each in self.conditions if each not in chips),
        )

    def without_field(self, name: str) -> Self:
        """The same without any condition on a field."""
        return replace(
            self, conditions=tuple(each for each in self.conditions if each.field != name)
        )

    def with_last(self, count: int | None) -> Self:
        """The same, cut to so many of the newest; `None` cuts nothing."""
        return replace(self, last=count)

    def sorted_by(self, sort: Sort) -> Self:
        """The same in another order."""
        return replace(self, sort=sort)

    def on(self, name: str) -> tuple[Condition, ...]:
        """The conditions on a field, in order."""
        return tuple(each for each in self.conditions if each.field == name)


def value_text(value: Value, kind: Kind) -> str:
    """A value as it is written behind a colon, without quotes."""
    if isinstance(value, Range):
        return _range_text(value, kind)
    return str(value)


def _range_text(value: Range[Any], kind: Kind) -> str:
    if value.is_one:
        return _end_text(value.low, kind)
    if value.high is None:
        return (">" if value.excludes_low else ">=") + _end_text(value.low, kind)
    if value.low is None:
        return ("<" if value.excludes_high else "<=") + _end_text(value.high, kind)
    return f"{_end_text(value.low, kind)}..{_end_text(value.high, kind)}"


def _end_text(value: Any, kind: Kind) -> str:
    if kind is Kind.DECIMAL:
        return f"{value:.6f}".rstrip("0").rstrip(".")
    if kind is Kind.BYTES:
        return _bytes_text(value)
    return str(value)


def _bytes_text(value: int) -> str:
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024)):
        if value and value % size == 0:
            return f"{value // size}{unit}"
    return str(value)
