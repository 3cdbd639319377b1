"""What a kind of operation has to be able to do, and which kinds there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from accounts.access import Access
from assets.models import Operation, OperationItem
from assets.types import ItemState, OperationKind


class Handler(Protocol):
    """One kind of operation.

    `perform` and `undo` get a chunk of items, their images loaded with `project__organization` (an
    image that is gone or that the person may not see any more is `None`), inside one transaction
    that also saves the items. They set `state`, `reason` and `before` of each item and raise for
    nothing that concerns one item alone. A crash repeats the whole chunk, never half of it: what
    cannot be rolled back (files) must be safe to do twice.
    """

    kind: OperationKind
    chunk: int
    can_undo: bool

    def gather(self, access: Access, operation: Operation) -> Iterator[OperationItem]:
        """The unsaved items of an operation, in order; each `position` is set by the caller."""
        ...

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Do it to a chunk of items."""
        ...

    def undo(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Take a chunk of done items back; `operation` is the one that is undone."""
        ...

    def finish(self, access: Access, operation: Operation) -> None:
        """Once, after the last chunk of an operation that was not cancelled."""
        ...


@runtime_checkable
class PreparesFirst(Protocol):
    """A handler whose chunks need slow work that no transaction should be open for."""

    def prepared(
        self, access: Access, operation: Operation, items: Sequence[OperationItem]
    ) -> AbstractContextManager[None]:
        """Entered before the transaction of a chunk, left after it: with what it raised, if so."""
        ...


_HANDLERS: dict[OperationKind, Handler] = {}


def register(handler: Handler) -> Handler:
    """Make a kind known; each module of `assets.operations` does it for its own (`kinds.py`)."""
    _HANDLERS[handler.kind] = handler
    return handler


def handler_of(kind: str) -> Handler:
    """The handler of a kind of operation."""
    return _HANDLERS[OperationKind(kind)]


def skip(item: OperationItem, reason: str) -> None:
    """Leave an item as it is, and say why (a code of `assets.operations.reasons`)."""
    item.state = ItemState.SKIPPED
    item.reason = reason


def done(item: OperationItem) -> None:
    """Mark an item as done."""
    item.state = ItemState.DONE
    item.reason = ""
