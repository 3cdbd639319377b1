"""The circuit breakers, between the database and `generation.breaking`."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import Q
from django.utils import timezone

from generation.breaking import (
    UNTIL_LET_GO,
    Breaker,
    after_failure,
    after_success,
    counts,
    starting,
)
from generation.models import CircuitBreaker, GenerationJob, Worker

log = structlog.get_logger(__name__)

_COLUMNS = ("failures", "open_until", "probing_since", "code", "message", "opened_count")


def note_start(worker: Worker, model_version_id: int, *, now: datetime) -> None:
    """A job of the model starts on the worker; after a pause it is the probe."""
    row = _row(worker.slot_id, model_version_id)
    if row is not None:
        _write(row, starting(row.state, now=now))


def note_success(worker: Worker, model_version_id: int) -> None:
    """The worker made a picture with the model."""
    row = _row(worker.slot_id, model_version_id)
    if row is not None:
        _write(row, after_success(row.state))


def note_failure(job: GenerationJob, *, code: str, message: str = "") -> None:
    """An attempt ended without a picture; it counts when the worker or the model is at fault.

    What does not count still frees the breaker for another probe.
    """
    worker = job.worker
    if worker is None or worker.slot_id is None:
        return
    if not counts(code) and _row(worker.slot_id, job.request.model_version_id) is None:
        return
    row, _created = CircuitBreaker.objects.get_or_create(
        slot_id=worker.slot_id, model_version_id=job.request.model_version_id
    )
    before = row.state
    after = after_failure(before, now=timezone.now(), code=code, message=message)
    _write(row, after)
    if after.open_until and after.open_until != before.open_until:
        log.error("breaker.opened", worker=worker.name, code=code, until=str(after.open_until))


def _row(slot_id: int | None, model_version_id: int) -> CircuitBreaker | None:
    return CircuitBreaker.objects.filter(slot_id=slot_id, model_version_id=model_version_id).first()


def _write(row: CircuitBreaker, state: Breaker) -> None:
    if state != row.state:
        CircuitBreaker.objects.filter(pk=row.pk).update(
            **{name: getattr(state, name) for name in _COLUMNS}
        )


def hold_back(slot_id: int, model_version_id: int, *, code: str, message: str) -> None:
    """Keep the model from working in a place, for a reason that does not pass by itself."""
    CircuitBreaker.objects.update_or_create(
        slot_id=slot_id,
        model_version_id=model_version_id,
        defaults={
            "open_until": UNTIL_LET_GO,
            "probing_since": None,
            "code": code,
            "message": message,
        },
    )


def let_go(model_version_id: int, *, code: str, slot_id: int | None = None) -> None:
    """Close the breakers of the model that were opened for this reason, in one place or in all."""
    held = CircuitBreaker.objects.filter(
        # A later failure may have written its own reason over it.
        Q(code=code) | Q(open_until=UNTIL_LET_GO),
        model_version_id=model_version_id,
    )
    if slot_id is not None:
        held = held.filter(slot_id=slot_id)
    if held.exists():  # usually there is none, and a write would wait for its turn
        held.update(**{name: getattr(Breaker(), name) for name in _COLUMNS})
