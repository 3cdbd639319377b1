"""Every kind of operation there is: importing this module makes them known."""

from __future__ import annotations

from assets.operations import moving, submitting, trashing

__all__ = ["moving", "submitting", "trashing"]
