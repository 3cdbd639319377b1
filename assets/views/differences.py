"""What makes pictures different: their facts side by side, and the words that are not the same.

Pure: no database, no HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from assets.views.facts import Fact, FactGroup, Label

# Facts that say what was asked for and by what it was made. The others (when, who, which file, how
# long it took) are different for every two pictures, and say nothing about how they look.
PARAMETERS: Final = ("words.", "picture.", "origin.", "model.", "engine.")
BESIDES: Final = frozenset({
    "engine.peak_vram_bytes",
    "engine.load_mode",
    "engine.vram_tier",
    "origin.parent_image_id",
})  # fmt: skip
# Long texts, of which one wants to see the words that are not the same.
TEXTS: Final = frozenset({"words.prompt", "words.final_prompt", "words.negative_prompt"})

# A word of letters and digits, one character of a script without spaces, or anything else alone.
_PIECES = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W\u3040-\u9fff]+|\s+|."
)
_MOST_PIECES = 2000
# Texts that have less in common than this are simply others: marking most of them shows nothing.
_LEAST_COMMON = 0.35


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `is_own` where the text it is compared with says something else."""

    text: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What one picture says; a long text also in pieces, to mark what is its own."""

    value: str
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of all pictures, in their order."""

    label: Label
    is_code: bool
    cells: Sequence[Cell]
    differs: bool


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows about one side of the pictures."""

    title: Label
    rows: Sequence[Row]


def compared(records: Sequence[Sequence[FactGroup]], *, everything: bool = False) -> list[RowGroup]:
    """The facts of several pictures as rows, group by group.

    Only the parameters that differ, unless `everything` that is known of any of them is wanted. A
    record that could not be read (no groups) counts as one that says nothing.
    """
    readable = next((groups for groups in records if groups), ())
    groups = []
    for at, group in enumerate(readable):
        rows = [
            _row(fact, [_value(groups, at, index) for groups in records])
            for index, fact in enumerate(group.facts)
            if everything or _is_parameter(fact)
        ]
        kept = [
            row
            for row in rows
            if (row.differs if not everything else any(cell.value for cell in row.cells))
        ]
        if kept:
            groups.append(RowGroup(group.title, kept))
    return groups


def pieces_of(text: str, other: str) -> list[Piece]:
    """`text` in pieces, those marked that `other` does not have at that place.

    A text that has next to nothing in common with the other is one piece without a mark.
    """
    own, others = _PIECES.findall(text), _PIECES.findall(other)
    if len(own) > _MOST_PIECES or len(others) > _MOST_PIECES:
        return [Piece(text, is_own=False)]
    matcher = SequenceMatcher(None, others, own, autojunk=False)
    if matcher.ratio() < _LEAST_COMMON:
        return [Piece(text, is_own=False)]
    return [
        Piece("".join(own[begin:end]), operation != "equal")
        for operation, _, _, begin, end in matcher.get_opcodes()
        if begin < end
    ]


def _is_parameter(fact: Fact) -> bool:
    return fact.path.startswith(PARAMETERS) and fact.path not in BESIDES


def _value(groups: Sequence[FactGroup], at: int, index: int) -> str:
    return groups[at].facts[index].value if groups else ""


def _row(fact: Fact, values: Sequence[str]) -> Row:
    differs = len(set(values)) > 1
    if differs and fact.path in TEXTS:
        first = values[0]
        # The first is marked where the second differs, all others where the first does.
        against = [values[1], *(first for _ in values[1:])]
        cells = [
            Cell(value, pieces_of(value, other))
            for value, other in zip(values, against, strict=True)
        ]
    else:
        cells = [Cell(value) for value in values]
    return Row(fact.label, fact.is_code, cells, differs)
