"""Every kind of operation there is: importing this module makes them known."""

from __future__ import annotations

from assets.operations import (
    collecting,
    exporting,
    importing,
    indexing,
    merging,
    moving,
    submitting,
    tagging,
    trashing,
)

__all__ = [
    "collecting",
    "exporting",
    "importing",
    "indexing",
    "merging",
    "moving",
    "submitting",
    "tagging",
    "trashing",
]
