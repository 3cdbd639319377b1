"""Workers come, are seen, and go."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.access import Access
from generation.models import Worker


def register_worker(
    *, access: Access, name: str = "", engines: Sequence[str], device: str = ""
) -> Worker:
    """A worker process has begun its life. Each life is a row of its own."""
    access.require_system()
    host = socket.gethostname()
    identity = uuid4()
    return Worker.objects.create(
        id=identity,
        name=name or f"{host}-{identity.hex[:6]}",
        host=host,
        pid=os.getpid(),
        engines=list(engines),
        device=device,
        last_seen_at=timezone.now(),
    )


def beat(*, access: Access, worker_id: UUID) -> bool:
    """The worker is alive; `False` when its row is gone or closed and it should end."""
    access.require_system()
    alive = Worker.objects.filter(pk=worker_id, stopped_at__isnull=True)
    return bool(alive.update(last_seen_at=timezone.now()))


def retire_worker(*, access: Access, worker_id: UUID) -> None:
    """The worker has ended its life; its running job, if any, is up for recovery at once."""
    access.require_system()
    Worker.objects.filter(pk=worker_id, stopped_at__isnull=True).update(stopped_at=timezone.now())
