"""What a search asks of the index, as a small tree of tokens, and how each database reads it.

Most questions are answered by tokens alone. Where tokens find too much (the middle of a long
phrase, the edge of a range) a leaf is `Checked`: the index gives candidates, and a condition on
their rows tells which of them are right. `loose` is what the index can be asked, `is_exact` whether
that is all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from assets.search.tokens import EDGE, OTHER


@dataclass(frozen=True, slots=True)
class Token:
    """Documents that have this token."""

    token: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """Documents with a word that begins so, in the prompt or in `other` texts."""

    letters: str
    other: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Documents that each part finds; without parts every document."""

    parts: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """Documents that at least one part finds; without parts none."""

    parts: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that the part does not find."""

    part: Expression


class Segment(Enum):
    """A part of `SearchDocument.text`, by the character that it begins with."""

    PROMPT = "\ue010"
    FINAL = "\ue011"
    SAME = "\ue012"  # typed prompt and final prompt in one
    NEGATIVE = "\ue013"
    NAME = "\ue014"
    REASON = "\ue015"
    REST = "\ue016"


SEGMENT_END = "\n"
TEXT_END = "\ue01f"


@dataclass(frozen=True, slots=True)
class TextCheck:
    """The text stands in the document, or in one of these segments of it."""

    text: str
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """The number lies between these, both included."""

    field: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """The document has a token that begins so."""

    beginning: str


Check = TextCheck | NumberCheck | TokenCheck


@dataclass(frozen=True, slots=True)
class Checked:
    """Documents that `loose` finds and whose rows pass the check."""

    loose: Expression
    check: Check


Expression = Token | Beginning | All | Any | Not | Checked

EVERYTHING = All()
NOTHING = Any()


def all_of(parts: Iterable[Expression]) -> Expression:
    """The parts together, without what says nothing."""
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, All) else (part,)
    if NOTHING in flat:
        return NOTHING
    return flat[0] if len(flat) == 1 else All(tuple(dict.fromkeys(flat)))


def any_of(parts: Iterable[Expression]) -> Expression:
    """One of the parts, without what says nothing."""
    flat: list[Expression] = []
    for part in parts:
        flat += part.parts if isinstance(part, Any) else (part,)
    if EVERYTHING in flat:
        return EVERYTHING
    return flat[0] if len(flat) == 1 else Any(tuple(dict.fromkeys(flat)))


def negation(part: Expression) -> Expression:
    """What the part does not find."""
    if isinstance(part, Not):
        return part.part
    if part == EVERYTHING:
        return NOTHING
    return EVERYTHING if part == NOTHING else Not(part)


def beginnings_in(expression: Expression) -> set[str]:
    """The beginnings of words that have to be completed before the index can be asked."""
    if isinstance(expression, Beginning):
        return {expression.letters}
    return {letters for part in _parts(expression) for letters in beginnings_in(part)}


def completed(expression: Expression, words: Callable[[str], Iterable[str]]) -> Expression:
    """The same with words in place of beginnings; `words` are those that begin so."""
    if isinstance(expression, Beginning):
        mark = OTHER if expression.other else ""
        return any_of(Token(mark + word) for word in words(expression.letters))
    if isinstance(expression, All):
        return all_of(completed(part, words) for part in expression.parts)
    if isinstance(expression, Any):
        return any_of(completed(part, words) for part in expression.parts)
    if isinstance(expression, Not):
        return negation(completed(expression.part, words))
    if isinstance(expression, Checked):
        return Checked(completed(expression.loose, words), expression.check)
    return expression


def is_exact(expression: Expression) -> bool:
    """Whether tokens alone answer it."""
    if isinstance(expression, Checked):
        return False
    return all(is_exact(part) for part in _parts(expression))


def loose(expression: Expression) -> Expression:
    """All that the expression finds, and perhaps more, by tokens alone."""
    if isinstance(expression, Checked):
        return loose(expression.loose)
    if isinstance(expression, Not):
        return negation(_strict(expression.part))
    return _rebuilt(expression, loose)


def _strict(expression: Expression) -> Expression:
    """Nothing but what the expression finds, and perhaps less, by tokens alone."""
    if isinstance(expression, Checked):
        return NOTHING
    if isinstance(expression, Not):
        return negation(loose(expression.part))
    return _rebuilt(expression, _strict)


def _rebuilt(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    if isinstance(expression, All):
        return all_of(map(change, expression.parts))
    if isinstance(expression, Any):
        return any_of(map(change, expression.parts))
    return expression


def unchecked(expression: Expression) -> Expression:
    """What `loose` leaves open: the parts of the whole that rows have to be asked about."""
    if isinstance(expression, All):
        return all_of(part for part in expression.parts if not is_exact(part))
    return EVERYTHING if is_exact(expression) else expression


def _parts(expression: Expression) -> tuple[Expression, ...]:
    if isinstance(expression, All | Any):
        return expression.parts
    if isinstance(expression, Not):
        return (expression.part,)
    return (expression.loose,) if isinstance(expression, Checked) else ()


# How the databases write it ----------------------------------------------------------------------


def fts5(expression: Expression, *, within: Expression) -> str:
    """An FTS5 query for what is found `within` a universe that has at least one token.

    FTS5 knows "this but not that" and no bare "not", so the universe stands before each of them.
    """
    return _fts5(all_of([within, expression]), within)


def _fts5(expression: Expression, within: Expression) -> str:
    if isinstance(expression, Token):
        return f'"{expression.token}"'
    if isinstance(expression, Not):
        return f"({_fts5(within, within)} NOT {_fts5(expression.part, within)})"
    if isinstance(expression, Any):
        return "(" + " OR ".join(_fts5(part, within) for part in expression.parts) + ")"
    if isinstance(expression, All):
        wanted: list[Expression] = [part for part in expression.parts if not isinstance(part, Not)]
        unwanted = [part.part for part in expression.parts if isinstance(part, Not)]
        found = " AND ".join(_fts5(part, within) for part in wanted or [within])
        if unwanted:
            return f"(({found}) NOT {_fts5(any_of(unwanted), within)})"
        return f"({found})"
    raise TypeError(f"the index cannot be asked for {expression!r}")


def tsquery(expression: Expression) -> str:
    """A PostgreSQL tsquery for what is found, for something that has at least one token."""
    if isinstance(expression, Token):
        return _quoted(expression.token)
    if isinstance(expression, Not):
        return f"!{tsquery(expression.part)}"
    if isinstance(expression, All):
        return "(" + " & ".join(map(tsquery, expression.parts)) + ")"
    if isinstance(expression, Any):
        return "(" + " | ".join(map(tsquery, expression.parts)) + ")"
    raise TypeError(f"the index cannot be asked for {expression!r}")


def _quoted(token: str) -> str:
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def edge(letters: str) -> str:
    """The token of the first letters of a word."""
    return EDGE + letters
