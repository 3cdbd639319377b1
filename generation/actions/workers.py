"""Workers come, are seen, and go."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.access import Access
from generation.engines.base import DeviceMemory
from generation.gpu_memory import DriverReading, nvml_uuid
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


def beat(*, access: Access, worker_id: UUID, memory: DriverReading | None = None) -> bool:
    """The worker is alive; `False` when its row is gone or closed and it should end.

    `memory` is what its GPU has now (`generation.gpu_memory.read_memory`). What the driver does not
    tell stays as it was last reported.
    """
    access.require_system()
    columns: dict[str, Any] = {"last_seen_at": timezone.now()}
    if memory is not None:
        columns |= {
            "device_uuid": memory.uuid,
            "free_bytes": memory.free_bytes,
            "total_bytes": memory.total_bytes,
        }
        columns |= {} if memory.held_bytes is None else {"held_bytes": memory.held_bytes}
    alive = Worker.objects.filter(pk=worker_id, stopped_at__isnull=True)
    return bool(alive.update(**columns))


def report_device(
    *,
    access: Access,
    worker_id: UUID,
    device: str,
    memory: DeviceMemory | None = None,
    resident_model_id: int | None = None,
) -> bool:
    """What the worker's device is, and which model is loaded on it now (`None`: none).

    `device` is its name in words ("NVIDIA H100 80GB HBM3"); without a GPU there is no `memory`.
    `False` when the worker's row is gone or closed.
    """
    access.require_system()
    mine = Worker.objects.filter(pk=worker_id, stopped_at__isnull=True)
    return bool(
        mine.update(
            device=device[:120], resident_model_id=resident_model_id, **_memory_columns(memory)
        )
    )


def report_memory(*, access: Access, worker_id: UUID, memory: DeviceMemory) -> bool:
    """What the memory of the worker's GPU is now; `False` when its row is gone or closed."""
    access.require_system()
    mine = Worker.objects.filter(pk=worker_id, stopped_at__isnull=True)
    return bool(mine.update(**_memory_columns(memory)))


def _memory_columns(memory: DeviceMemory | None) -> dict[str, Any]:
    if memory is None:
        return {
            "device_uuid": "",
            "free_bytes": None,
            "total_bytes": None,
            "held_bytes": None,
        }
    return {
        "device_uuid": nvml_uuid(memory.device_uuid),
        "free_bytes": memory.free_bytes,
        "total_bytes": memory.total_bytes,
        "held_bytes": memory.held_bytes,
    }


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
