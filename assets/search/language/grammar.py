"""The grammar: text into items with places, for any text whatsoever.

Every character has a place in one of the terminals wherever it may stand, so that there is no
text that this refuses; what makes no sense is said by the reading of the items. Chinese keyboards
type a colon, quotes, commas and spaces of their own; the grammar knows them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from lark import Lark, Token, Transformer

QUOTES: Final = '"“”„‟＂'
MINUSES: Final = "-－−"
COLONS: Final = ":："
COMMAS: Final = ",，、"

_FIELD: Final = rf"[^\W\d_][\w-]*[{COLONS}]"
_TEXT: Final = rf"[^\s{QUOTES}]+"

GRAMMAR: Final = rf"""
start: _SPACE? [item (_SPACE item)* _SPACE?]
item: NOT? (condition | term)
condition: FIELD values
values: value? (COMMA value?)*
value: (BARE | QUOTED)+
term: (TEXT | QUOTED)+

_SPACE: /\s+/
NOT.3: /[{MINUSES}](?=\S)/
FIELD.2: /{_FIELD}/
COMMA: /[{COMMAS}]/
QUOTED: /[{QUOTES}](?:\\[\s\S]|[^{QUOTES}\\])*(?:[{QUOTES}]|\\?\Z)/
BARE: /[^\s{COMMAS}{QUOTES}]+/
TEXT: /{_TEXT}/
"""

_starts_otherwise = re.compile(rf"[{MINUSES}]|{_FIELD}").match
_is_text = re.compile(_TEXT).fullmatch
_is_bare = re.compile(rf"[^\s{COMMAS}{QUOTES}]+").fullmatch
_escaped = re.compile(rf"\\([{QUOTES}\\])")
_to_escape = re.compile(rf"[{QUOTES}\\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text from `start` up to `end`, and what it says without its quotes."""

    text: str
    start: int
    end: int
    is_quoted: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """Something between two spaces: `name` and values of a condition, or words without name."""

    negated: bool
    name: Piece | None
    pieces: tuple[Piece, ...]
    start: int
    end: int


class _Items(Transformer[Token, list[Item]]):
    """Builds the items while the text is parsed."""

    def start(self, items: list[Item | None]) -> list[Item]:
        return [each for each in items if each is not None]

    def item(self, parts: list[Token | Item]) -> Item:
        if len(parts) == 1:
            return parts[0]  # type: ignore[return-value]  # an item of condition or term
        minus, item = parts
        assert isinstance(minus, Token)  # noqa: S101  # the grammar says so
        assert isinstance(item, Item)  # noqa: S101
        start = minus.start_pos or 0
        return Item(negated=True, name=item.name, pieces=item.pieces, start=start, end=item.end)

    def condition(self, parts: list[Token | list[Piece]]) -> Item:
        token, values = parts
        assert isinstance(token, Token)  # noqa: S101
        assert isinstance(values, list)  # noqa: S101
        name = _piece(token)
        end = values[-1].end if values else name.end
        return Item(negated=False, name=name, pieces=tuple(values), start=name.start, end=end)

    def values(self, parts: list[Token | Piece]) -> list[Piece]:
        """The values between the commas; an empty one is an empty piece."""
        values: list[Piece] = []
        last: Piece | None = None
        for part in parts:
            if isinstance(part, Token):
                at = part.start_pos or 0
                values.append(last or Piece("", at, at))
                last = Piece("", at + 1, at + 1)
            else:
                last = part
        return [*values, last] if last else values

    def value(self, tokens: list[Token]) -> Piece:
        pieces = [_piece(token) for token in tokens]
        return Piece(
            "".join(piece.text for piece in pieces),
            pieces[0].start,
            pieces[-1].end,
            is_quoted=any(piece.is_quoted for piece in pieces),
            is_open=pieces[-1].is_open,
        )

    def term(self, tokens: list[Token]) -> Item:
        pieces = tuple(_piece(token) for token in tokens)
        return Item(
            negated=False, name=None, pieces=pieces, start=pieces[0].start, end=pieces[-1].end
        )


def items_of(text: str) -> list[Item]:
    """The items of a text that went through `cleaned`, in order."""
    found: list[Item] = _parser().parse(text)  # type: ignore[assignment]  # made by _Items
    return found


def cleaned(text: str) -> str:
    """The same text, character for character, with spaces for what nobody can mean.

    That is what cannot be stored or sent (NUL and other control characters, halves of surrogate
    pairs) and what would turn the text around it (marks of writing direction).
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if _is_unspeakable(letter) else letter for letter in text)


def quoted(text: str) -> str:
    """The text in quotes, which reads as exactly this text."""
    return '"' + _to_escape.sub(r"\\\g<0>", text) + '"'


def can_stand_bare(text: str) -> bool:
    """Whether a word reads as itself without quotes."""
    return _is_text(text) is not None and _starts_otherwise(text) is None


def written(value: str) -> str:
    """A value as it is written behind a colon."""
    return value if _is_bare(value) else quoted(value)


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", transformer=_Items())


def _piece(token: Token) -> Piece:
    start, end = token.start_pos or 0, token.end_pos or 0
    if token.type == "FIELD":
        return Piece(token[:-1], start, end)
    if token.type != "QUOTED":
        return Piece(str(token), start, end)
    # A quote that is still open runs to the end of the text. `"\"` is open: its end is escaped.
    inner = re.match(rf"(?:\\[\s\S]|[^{QUOTES}\\])*", token[1:])
    length = inner.end() if inner else 0
    is_open = 1 + length >= len(token) or token[1 + length] not in QUOTES
    text = _escaped.sub(r"\1", token[1 : 1 + length])
    return Piece(text, start, end, is_quoted=True, is_open=is_open)


BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _is_unspeakable(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs"} or letter in BIDI


def has_letters(texts: Iterable[str]) -> bool:
    """Whether anything in here is more than punctuation."""
    return any(unicodedata.category(each)[0] not in "PZC" for text in texts for each in text)
