"""What RQ calls by name in a worker process."""

from __future__ import annotations

from generation.worker import process
from generation.worker.connecting import unit_of_work


def serve_ticket() -> None:
    """Draw until nothing waits. Database connections that died are replaced around it."""
    with unit_of_work():
        process.current().serve()
