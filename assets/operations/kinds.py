"""Every kind of operation there is: importing this module makes them known."""

from __future__ import annotations

from assets.operations import importing, indexing, moving, submitting, trashing

__all__ = ["importing", "indexing", "moving", "submitting", "trashing"]
