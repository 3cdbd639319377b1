"""Keeping the search index right, in the transaction that changes what can be searched."""

from __future__ import annotations

from collections.abc import Collection


def index_images(*, image_ids: Collection[int]) -> None:
    """Write anew what can be searched of these images. Rows that are gone leave the index."""
    del image_ids  # the gallery still searches the rows themselves
