"""Workers come, are seen, and go."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.access import Access
from generation.models import ROW_FORMAT, Worker, WorkerSlot
from generation.queries.workers import jobs_on

OVER_TIME = "over_time"
LONGEST_NOTE = 20_000
"""Characters of one note; a stack is a few thousand."""


def register_worker(
    *,
    access: Access,
    slot: str = "",
    engines: Sequence[str],
    model_ids: Sequence[int] = (),
    pool: str = "gpu",
    device: str = "",
) -> Worker:
    """A worker process has begun its life. Each life is a row of its own.

    `slot` names the place that it fills, which outlives it; without one it gets one of its own.
    `model_ids` limit it to these models.
    """
    access.require_system()
    host = socket.gethostname()
    identity = uuid4()
    name = slot or f"{host}-{identity.hex[:6]}"
    place, _created = WorkerSlot.objects.get_or_create(name=name)
    return Worker.objects.create(
        id=identity,
        slot=place,
        name=name,
        host=host,
        pid=os.getpid(),
        pool=pool,
        version=settings.VERSION,
        row_format=ROW_FORMAT,
        engines=list(engines),
        model_ids=list(model_ids),
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


def note_overtime(*, access: Access, worker_id: UUID, jobs: Collection[UUID], log: str) -> int:
    """The worker is about to be ended because these jobs run over their time: keep what it did.

    Returns the number of jobs that it still ran. Notes of earlier attempts stay.
    """
    access.require_system()
    note = f"{timezone.now().isoformat(timespec='seconds')} over time\n{log[:LONGEST_NOTE]}\n"
    return (
        jobs_on(worker_id)
        .filter(pk__in=jobs)
        .update(
            error_code=OVER_TIME,
            error_log=Concat(F("error_log"), Value(note), output_field=TextField()),
        )
    )
