"""The line of one person, and what it becomes when something in it is moved. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

Place = TypeVar("Place", bound=Hashable)


class Move(StrEnum):
    """Where to."""

    FRONT = "front"
    UP = "up"
    DOWN = "down"


def moved(
    line: Sequence[Place],
    chosen: Collection[Place],
    to: Move,
    *,
    group: Callable[[Place], Hashable],
) -> list[Place]:
    """The line after the chosen ones were moved together; they keep their order.

    Up and down pass one group of the others: those beside each other with the same `group`.
    """
    block = [each for each in line if each in chosen]
    others = [each for each in line if each not in chosen]
    if not block:
        return list(line)
    # How many of the others stand before the first of the block, and before its end.
    before = sum(1 for each in line[: line.index(block[0])] if each not in chosen)
    until = sum(1 for each in line[: line.index(block[-1])] if each not in chosen)
    at = 0
    if to == Move.UP:
        at = before - _group_at(reversed(others[:before]), group)
    elif to == Move.DOWN:
        at = until + _group_at(others[until:], group)
    return [*others[:at], *block, *others[at:]]


def positions_for(before: Iterable[int]) -> list[int]:
    """Positions for as many as there were, all different, as near to the old ones as can be.

    `before` are the positions that the line had, in any order.
    """
    positions: list[int] = []
    for old in sorted(before):
        positions.append(max(old, positions[-1] + 1) if positions else old)
    return positions


def _group_at(others: Iterable[Place], group: Callable[[Place], Hashable]) -> int:
    """How many at the beginning belong together."""
    count = 0
    first: Hashable = None
    for each in others:
        if count and group(each) != first:
            break
        first = group(each)
        count += 1
    return count
