"""What an operation was told: which images, and what to do to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

MOST_CHOSEN = 2000
"""How many images can be named one by one; more are described by a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The images of an operation: either `ids` (rows), or all that a search finds.

    `query` is the canonical text of the search; images that arrived after `up_to` (an id) are not
    meant, because nobody had seen them. `without` are ids that were deselected again.
    """

    ids: tuple[int, ...] = ()
    query: str | None = None
    up_to: int | None = None
    without: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `Operation.arguments["chosen"]` keeps it."""
        if self.query is None:
            return {"ids": list(self.ids)}
        return {"query": self.query, "up_to": self.up_to, "without": list(self.without)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_json()` back."""
        if "ids" in data:
            return cls(ids=tuple(data["ids"]))
        return cls(
            query=data["query"], up_to=data.get("up_to"), without=tuple(data.get("without", ()))
        )
