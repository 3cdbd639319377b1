"""Every kind of operation there is: importing this module makes them known."""

from __future__ import annotations

from assets.operations import exporting, moving, submitting, trashing

__all__ = ["exporting", "moving", "submitting", "trashing"]
