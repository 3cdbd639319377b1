"""The tokens of the search index: what a document is filed under, and what a search asks for.

A document has tokens of two kinds.

*Words*, apart for the prompt and for every other text. An unbroken run (Chinese, Japanese, Korean)
gives its characters, and its pairs and triples of neighbouring characters, so that any substring
from one character on can be found without a dictionary. A word of another script gives itself, its
first one, two and three letters (for those who are still typing) and, with the word after it, a
pair (for phrases).

*Facets.* Everything else that is known about an image: its project, its status, its seed. A facet
begins with a character of the private use area, which no text has, so that "in this project" or
"made by Li" is one more token that has to be there. Numbers stand in the index four times, as
themselves and in three sizes of drawers, so that a range is a handful of tokens too.

Nothing here asks the database.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assets.search.normalizing import Run, normalised, runs_of

WORD_LIMIT = 64
"""Longer words are filed under their beginning; the exact check tells them apart."""

TEXT_LIMIT = 30_000
"""Characters of text that are indexed of one image; PostgreSQL takes 1 MB of tokens."""

EDGE_LIMIT = 3
"""The first letters of a word up to so many have a token of their own."""

GRAM_LIMIT = 3
"""Substrings of unbroken text up to so many characters have a token of their own."""

FACET, EDGE, PAIR, OTHER = "\ue000", "\ue001", "\ue002", "\ue003"
"""What tokens begin with: facets, first letters, words of texts other than the prompt. `PAIR`
stands between two words."""

FACETS = {
    "project": "pj",
    "trash": "tr",
    "id": "ui",
    "status": "st",
    "by": "by",
    "starred": "sr",
    "is": "is",
    "has": "ha",
    "date": "d",
    "added": "e",
    "tag": "tg",
    "collection": "cl",
    "template": "tp",
    "template-id": "ti",
    "version": "vn",
    "var": "va",
    "model": "mo",
    "revision": "re",
    "hash": "hh",
    "sha256": "sh",
    "lora": "lo",
    "size": "sz",
    "asked": "as",
    "sampler": "sa",
    "schedule": "sc",
    "format": "fo",
    "parent": "pa",
    "input": "in",
    "tool": "to",
    "tool-version": "tv",
    "original": "or",
    "label": "la",
    "engine": "en",
    "engine-version": "ev",
    "library": "li",
    "device": "de",
    "dtype": "dt",
    "load-mode": "lm",
    "vram-tier": "ty",
    "worker": "wo",
    "organization": "og",
    "made-for": "mf",
    "request": "rq",
    "job": "jo",
    "moderation": "mr",
    "policy": "po",
    "rules": "ru",
    "width": "wi",
    "height": "he",
    "seed": "se",
    "steps": "sp",
    "cfg": "cf",
    "shift": "sf",
    "strength": "sg",
    "weight": "we",
    "bytes": "bt",
    "rating": "ra",
    "peak-vram": "vr",
    "wait": "wa",
    "load": "ld",
    "encode": "ec",
    "denoise": "dn",
    "decode": "dc",
    "save": "sv",
}
"""The code of each facet in the index. Codes stay: documents hold them."""

# A facet's value in one piece: separators of the index and quotation marks are moved aside.
_MOVED_ASIDE = {code: 0xE100 + code for code in (*range(33), ord('"'), ord("'"), 127)}
_LONGEST_VALUE = 96


def value_key(value: str) -> str:
    """What makes two values of a facet the same: writing, capitals and spaces do not matter."""
    return " ".join(normalised(value).split())


def facet(field: str, value: str | int) -> str:
    """The token of a value of a facet."""
    return FACET + FACETS[field] + key_in_index(str(value))


def key_in_index(value: str) -> str:
    """A value of a facet as its token ends with it."""
    key = value_key(value)
    if len(key) > _LONGEST_VALUE:
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]
        key = f"{key[:_LONGEST_VALUE]}~{digest}"
    return key.translate(_MOVED_ASIDE)


HASH_LENGTHS = (4, 16)
"""The first digits of a hash up to so many have a token of their own."""


def hash_tokens(field: str, digest: str) -> set[str]:
    """The tokens of a hash: its beginnings."""
    return {facet(field, digest[:length]) for length in HASH_LENGTHS}


def text_tokens(texts: Iterable[str]) -> set[str]:
    """The tokens of the words of texts, which do not run into each other."""
    found: set[str] = set()
    for text in texts:
        before: Run | None = None
        for run in runs_of(text):
            if run.is_unbroken:
                found.update(_grams(run.text))
            else:
                word = run.text[:WORD_LIMIT]
                found.add(word)
                found.update(EDGE + word[:length] for length in range(1, EDGE_LIMIT + 1))
                if before is not None and not before.is_unbroken:
                    found.add(pair(before.text, word))
            before = run
    return found


def words_in(tokens: Iterable[str]) -> set[str]:
    """The whole words among the tokens of texts: what beginnings of words are completed to."""
    return {
        token
        for token in tokens
        if len(token) > EDGE_LIMIT and token[0] not in _MARKS and PAIR not in token
    }


_MARKS = frozenset({FACET, EDGE, OTHER})


def other(token: str) -> str:
    """The same word in a text that is not the prompt."""
    return OTHER + token


def _grams(run: str) -> Iterator[str]:
    for start in range(len(run)):
        for length in range(1, GRAM_LIMIT + 1):
            yield run[start : start + length]


def pair(first: str, second: str) -> str:
    """The token of two words that follow each other."""
    return first[:WORD_LIMIT] + PAIR + second[:WORD_LIMIT]


# Numbers -----------------------------------------------------------------------------------------

# Drawers of a number, by how many bits of its place (`_place`) are left out. The largest hold an
# octave; it has eight smaller ones, and each of those sixty-four. Whole numbers up to 1,023 have
# their smallest drawer for themselves.
_DRAWERS = (("a", 52), ("b", 49), ("c", 43))
_FINEST = _DRAWERS[-1][1]
_ZERO = 1 << 62
_EXACT_UNTIL = 2**53
LARGEST = 2.0**64


def number_tokens(field: str, value: float) -> set[str]:
    """The tokens of a number: itself, and the drawers it lies in."""
    if not math.isfinite(value) or abs(value) > LARGEST:
        return set()
    place = _place(value)
    return {
        number(field, value),
        *(_drawer(field, name, place >> bits) for name, bits in _DRAWERS),
    }


def number(field: str, value: float) -> str:
    """The token of exactly this number."""
    written = str(int(value)) if int(value) == value else repr(float(value))
    return f"{FACET}{FACETS[field]}={written}"


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The tokens one of which every number of the range has.

    `is_exact` says that no other number has one of them; otherwise the numbers themselves have to
    be compared, of those documents that share their smallest drawer with an end of the range.
    """

    tokens: tuple[str, ...]
    is_exact: bool


def range_tokens(
    field: str,
    low: float | None,
    high: float | None,
    *,
    smallest: float = 0,
    largest: float = LARGEST,
    whole: bool = False,
) -> NumberRange:
    """The tokens of a range with both its ends. `None` leaves it open on that side.

    `smallest` and `largest` are the numbers that occur at all; `whole` tells that only whole
    numbers occur, which makes more ranges exact.
    """
    low = smallest if low is None else max(low, smallest)
    is_open = high is None or high >= largest
    high = largest if high is None else min(high, largest)
    if whole:
        low, high = math.ceil(low), math.floor(high)
    if low > high:
        return NumberRange((), is_exact=True)
    start = _place(low)
    tokens: list[str] = []
    is_exact = start == _floor(start) and 0 <= low < _EXACT_UNTIL
    if is_open:
        last = _place(high) >> _FINEST
    else:
        # Whole numbers end before the next one begins; of others the end itself belongs as well.
        end = _place(high + 1 if whole else high)
        last = end >> _FINEST
        if end == _floor(end) and 0 <= high < _EXACT_UNTIL:
            last -= 1
            if not whole:
                tokens.append(number(field, high))
        else:
            is_exact = False
    tokens += [_drawer(field, name, index) for name, index in _cover(start >> _FINEST, last)]
    return NumberRange(tuple(tokens), is_exact=is_exact)


def _floor(place: int) -> int:
    return (place >> _FINEST) << _FINEST


def _cover(first: int, last: int) -> Iterator[tuple[str, int]]:
    """The largest drawers that hold the smallest drawers `first` to `last` and no others."""
    while first <= last:
        for name, bits in _DRAWERS:
            inside = 1 << (bits - _FINEST)
            if first % inside == 0 and first + inside - 1 <= last:
                yield name, first // inside
                first += inside
                break


def _place(value: float) -> int:
    """A whole number that is ordered as the values are; octaves begin one away from zero."""
    bits: int = struct.unpack(">Q", struct.pack(">d", abs(value) + 1.0))[0]
    distance = bits - 0x3FF0000000000000
    return _ZERO + distance if value >= 0 else _ZERO - distance - 1


def _drawer(field: str, name: str, index: int) -> str:
    return f"{FACET}{FACETS[field]}{name}{index - (_ZERO >> dict(_DRAWERS)[name]):x}"
