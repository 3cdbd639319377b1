"""Every kind of operation there is: importing this module makes them known."""

from __future__ import annotations

from assets.operations import indexing

__all__: list[str] = ["indexing"]
