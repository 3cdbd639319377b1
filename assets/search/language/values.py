"""What a condition can compare with: texts, ranges, sizes, pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Range(Generic[T]):
    """From `low` to `high`, both included unless excluded; `None` is no bound.

    One value is a range from itself to itself. Whole numbers (not bytes) come
    without exclusions: `>5` is kept as `>=6`.
    """

    low: T | None = None
    high: T | None = None
    excludes_low: bool = False
    excludes_high: bool = False

    @classmethod
    def only(cls, value: T) -> Range[T]:
        """The range of one value."""
        return cls(value, value)

    @property
    def is_one(self) -> bool:
        """Whether there is one value only."""
        return self.low is not None and self.low == self.high


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and its value; an empty value means any."""

    name: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name
