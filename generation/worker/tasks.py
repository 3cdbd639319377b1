"""What RQ calls by name in a worker process."""

from __future__ import annotations

from django.db import close_old_connections

from generation.worker import process


def serve_ticket() -> None:
    """Draw until nothing waits. Database connections that died are replaced around it."""
    close_old_connections()
    try:
        process.current().serve()
    finally:
        close_old_connections()
