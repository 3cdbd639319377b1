"""Indexing very many images again, after a word of all of them has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accounts.access import Access
from assets.actions.indexing import index_images
from assets.models import Operation, OperationItem
from assets.operations.base import done, register, skip
from assets.types import OperationKind, SkipReason


class Indexing:
    """`arguments["images"]` are the ids; there is nothing to undo."""

    kind = OperationKind.INDEX
    chunk = 200
    can_undo = False

    def gather(self, access: Access, operation: Operation) -> Iterator[OperationItem]:
        """One item for each image."""
        del access
        for image_id in operation.arguments["images"]:
            yield OperationItem(image_id=image_id)

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Index a chunk."""
        del access, operation
        index_images(image_ids=[item.image_id for item in items if item.image_id])
        for item in items:
            if item.image is None:
                skip(item, SkipReason.GONE)
            else:
                done(item)

    def undo(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Nothing: an index only follows."""
        del access, operation, items

    def finish(self, access: Access, operation: Operation) -> None:
        """Nothing more."""
        del access, operation


register(Indexing())
