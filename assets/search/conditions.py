"""From a query that somebody wrote to what the index is asked.

Names of people and templates are looked up before (`names_in`), and so are today and who asks, so
that this stays a pure function.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assets.search.documents import DECIMALS, day_token
from assets.search.expressions import (
    EVERYTHING,
    NOTHING,
    Beginning,
    Checked,
    Expression,
    NumberCheck,
    Segment,
    TextCheck,
    Token,
    TokenCheck,
    all_of,
    any_of,
    negation,
)
from assets.search.language.days import Stretch
from assets.search.language.fields import FIELDS, Kind
from assets.search.language.query import Condition, Query, Word
from assets.search.language.values import Pair, Range
from assets.search.normalizing import Run, runs_of
from assets.search.tokens import (
    EDGE,
    EDGE_LIMIT,
    GRAM_LIMIT,
    HASH_LENGTHS,
    OTHER,
    WORD_LIMIT,
    facet,
    number,
    other,
    pair,
    range_tokens,
    value_key,
)

ME = "me"
LIBRARIES = frozenset({"diffsynth", "torch", "cuda", "driver"})
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks, when, and whom the names in the query mean (ids, by `value_key` of the name)."""

    today: dt.date
    me: int | None = None
    people: Mapping[str, frozenset[int]] = field(default_factory=dict)
    templates: Mapping[str, frozenset[int]] = field(default_factory=dict)


def names_in(query: Query, kind: Kind, name: str | None = None) -> set[str]:
    """The names that have to be looked up, of fields of a kind."""
    return {
        value_key(str(value))
        for condition in query.conditions
        if FIELDS[condition.field].kind is kind and name in {None, condition.field}
        for value in condition.values
    } - ({ME} if kind is Kind.PERSON else set())


def asks_for_trash(query: Query) -> bool:
    """Whether pictures in the trash are looked for; without that they are never found."""
    return any(not each.negated and "trashed" in each.values for each in query.on("is"))


def expression_of(query: Query, context: Context) -> Expression:
    """What every document that the query means has to be like."""
    words = (_signed(_word(each), negated=each.negated) for each in query.words)
    conditions = (
        _signed(_condition(each, context), negated=each.negated) for each in query.conditions
    )
    return all_of([*words, *conditions])


def _signed(expression: Expression, *, negated: bool) -> Expression:
    return negation(expression) if negated else expression


# Words -------------------------------------------------------------------------------------------

Mark = Callable[[str], str]
ANYWHERE: tuple[Mark, ...] = (str, other)
IN_PROMPT: tuple[Mark, ...] = (str,)
ELSEWHERE: tuple[Mark, ...] = (other,)

SCOPES: Mapping[str, tuple[tuple[Mark, ...], tuple[Segment, ...]]] = {
    "prompt": (IN_PROMPT, (Segment.SAME, Segment.PROMPT)),
    "final": (IN_PROMPT, (Segment.SAME, Segment.FINAL)),
    "negative": (ELSEWHERE, (Segment.NEGATIVE,)),
    "name": (ELSEWHERE, (Segment.NAME,)),
    "reason": (ELSEWHERE, (Segment.REASON,)),
}


def _word(word: Word) -> Expression:
    runs = runs_of(word.text)
    if word.is_phrase:
        return _phrase(runs, ANYWHERE)
    # A word of several runs (red围巾, z-image): each has to be somewhere; the last may be typed on.
    return all_of(
        _phrase([run], ANYWHERE, is_open=run is runs[-1] and not run.is_unbroken) for run in runs
    )


def _phrase(
    runs: Sequence[Run],
    marks: Iterable[Mark],
    segments: tuple[Segment, ...] = (),
    *,
    is_open: bool = False,
) -> Expression:
    """The runs one after the other; `is_open` if the last word may go on."""
    if not runs:
        return EVERYTHING  # only punctuation: nothing to look for
    tokens = list(_tokens_of(runs, is_open=is_open))
    loose = any_of(all_of(_marked(each, mark) for each in tokens) for mark in marks)
    if not segments and _is_told_by_tokens(runs, is_open=is_open):
        return loose
    return Checked(loose, TextCheck(_pattern(runs, is_open=is_open), segments))


def _tokens_of(runs: Sequence[Run], *, is_open: bool) -> Iterator[Token | Beginning]:
    paired: set[int] = set()
    last = len(runs) - 1
    for index, (run, following) in enumerate(itertools.pairwise(runs)):
        goes_on = is_open and index + 1 == last
        if not run.is_unbroken and not following.is_unbroken and not goes_on:
            yield Token(pair(run.text, following.text))
            paired |= {index, index + 1}
    for index, run in enumerate(runs):
        if run.is_unbroken:
            yield from map(Token, _grams(run.text))
        elif is_open and index == last:
            yield _beginning(run.text)
        elif index not in paired:
            yield Token(run.text[:WORD_LIMIT])


def _grams(run: str) -> list[str]:
    length = min(len(run), GRAM_LIMIT)
    return [run[start : start + length] for start in range(len(run) - length + 1)]


def _beginning(letters: str) -> Token | Beginning:
    if len(letters) <= EDGE_LIMIT:
        return Token(EDGE + letters)
    return Beginning(letters[:WORD_LIMIT])


def _marked(leaf: Token | Beginning, mark: Mark) -> Expression:
    if isinstance(leaf, Beginning):
        return Beginning(leaf.letters, other=mark("") == OTHER)
    return Token(mark(leaf.token))


def _is_told_by_tokens(runs: Sequence[Run], *, is_open: bool) -> bool:
    """Whether the tokens of these runs are in no document that does not have the runs."""
    if any(len(run.text) > (GRAM_LIMIT if run.is_unbroken else WORD_LIMIT) for run in runs):
        return False
    return len(runs) == 1 or (
        len(runs) == 2 and not is_open and not any(run.is_unbroken for run in runs)
    )


def _pattern(runs: Sequence[Run], *, is_open: bool) -> str:
    """What stands in `SearchDocument.text` where the phrase does."""
    before = "" if runs[0].is_unbroken else " "
    after = "" if runs[-1].is_unbroken or is_open else " "
    return before + " ".join(run.text for run in runs) + after


# Conditions --------------------------------------------------------------------------------------


def _condition(condition: Condition, context: Context) -> Expression:
    read = _READERS[FIELDS[condition.field].kind]
    return any_of(read(condition.field, value, context) for value in condition.values)


def _name(name: str, value: Any, context: Context) -> Expression:
    if name in LIBRARIES:
        return Token(facet("library", f"{name}={value}"))
    if name == "project":
        return Token(facet("made-for", value))
    found: list[Expression] = [Token(facet(name, value))]
    if name == "template":
        # Also what was filled from a template that is called so now.
        ids = context.templates.get(value_key(value), frozenset())
        found += [Token(facet("template-id", each)) for each in sorted(ids)]
    return any_of(found)


def _words(name: str, value: Any, _context: Context) -> Expression:
    marks, segments = SCOPES[name]
    runs = runs_of(value)
    is_open = bool(runs) and not runs[-1].is_unbroken
    return _phrase(runs, marks, segments, is_open=is_open)


def _hash(name: str, value: Any, _context: Context) -> Expression:
    shortest, longest = HASH_LENGTHS
    digest = str(value).lower()
    if len(digest) == shortest:
        return Token(facet(name, digest))
    if len(digest) < longest:
        return Checked(Token(facet(name, digest[:shortest])), TokenCheck(facet(name, digest)))
    # Sixteen digits mean one file, whatever follows.
    return Token(facet(name, digest[:longest]))


def _choice(name: str, value: Any, context: Context) -> Expression:
    if name == "is" and value in {"mine", "starred"}:
        if context.me is None:
            return NOTHING
        return Token(facet("by" if value == "mine" else "starred", context.me))
    if name == "is" and value in _STATUS_VALUES:
        return Token(facet("status", value))
    return Token(facet(name, value))


_STATUS_VALUES = frozenset(each.value for each in FIELDS["status"].choices)


def _person(_name: str, value: Any, context: Context) -> Expression:
    if value_key(value) == ME:
        return NOTHING if context.me is None else Token(facet("by", context.me))
    if value.startswith("#"):
        return Token(facet("by", value[1:]))  # by their number, as old addresses do
    ids = context.people.get(value_key(value), frozenset())
    return any_of(Token(facet("by", each)) for each in sorted(ids))


def _uid(name: str, value: Any, _context: Context) -> Expression:
    return Token(facet(name, value))


def _pair(name: str, value: Pair, _context: Context) -> Expression:
    return Token(facet(name, f"{value.name}={value.value}"))


def _whole(name: str, value: Range[int], _context: Context) -> Expression:
    low, high = value.low, value.high
    if low is not None and value.excludes_low:
        low += 1
    if high is not None and value.excludes_high:
        high -= 1
    if name == "rating":
        # A mean of 4.3 is four stars, and what nobody rated has none.
        low = 1 if low is None and high != 0 else low
    elif low is not None and low == high:
        return Token(number(name, low))
    bounds = FIELDS[name]
    found = range_tokens(name, low, high, smallest=bounds.low, largest=bounds.high, whole=True)
    loose = any_of(map(Token, found.tokens))
    return loose if found.is_exact else Checked(loose, NumberCheck(name, low, high))


def _decimal(name: str, value: Range[float], _context: Context) -> Expression:
    low = None if value.low is None else round(value.low, DECIMALS)
    high = None if value.high is None else round(value.high, DECIMALS)
    if low is not None and low == high:
        return Token(number(name, low))
    found = range_tokens(name, low, high, smallest=FIELDS[name].low, largest=FIELDS[name].high)
    inside = any_of(map(Token, found.tokens))
    if not found.is_exact:
        inside = Checked(inside, NumberCheck(name, low, high))
    ends = [
        Token(number(name, end))
        for end, is_excluded in ((low, value.excludes_low), (high, value.excludes_high))
        if is_excluded and end is not None
    ]
    return all_of([inside, *(negation(end) for end in ends)])


def _days(name: str, value: Range[Stretch], context: Context) -> Expression:
    start, end = dt.date(FIRST_YEAR, 1, 1), dt.date(LAST_YEAR, 1, 1)
    if value.low is not None:
        start = value.low.bounds(context.today)[1 if value.excludes_low else 0]
    if value.high is not None:
        end = value.high.bounds(context.today)[0 if value.excludes_high else 1]
    return any_of(Token(day_token(name, day, length)) for day, length in _calendar(start, end))


def _calendar(start: dt.date, end: dt.date) -> Iterator[tuple[dt.date, int]]:
    """The years, months and days (by the length of what is written) that fill a stretch."""
    day = start
    while day < end:
        year, month = _next_year(day), _next_month(day)
        if (day.month, day.day) == (1, 1) and year <= end:
            yield day, len("2025")
            day = year
        elif day.day == 1 and month <= end:
            yield day, len("2025-01")
            day = month
        else:
            yield day, len("2025-01-17")
            day += dt.timedelta(days=1)


def _next_year(day: dt.date) -> dt.date:
    return dt.date(day.year + 1, 1, 1)


def _next_month(day: dt.date) -> dt.date:
    return dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)


_READERS: Mapping[Kind, Callable[[str, Any, Context], Expression]] = {
    Kind.NAME: _name,
    Kind.WORDS: _words,
    Kind.HASH: _hash,
    Kind.CHOICE: _choice,
    Kind.PERSON: _person,
    Kind.UID: _uid,
    Kind.PAIR: _pair,
    Kind.SIZE: _uid,
    Kind.WHOLE: _whole,
    Kind.BYTES: _whole,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _days,
}
