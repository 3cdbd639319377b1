"""The database connections of threads that Django knows nothing of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Around what a thread does in one go: before it, dead connections are replaced; after it,
    none is kept that should not be. A request of a web process is treated the same by Django.
    """
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()
