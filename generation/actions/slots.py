"""What an operator tells the places of workers: go on, pause, give the GPU back, try again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from generation.dispatch import ring
from generation.models import CircuitBreaker, ModelVersion, Worker, WorkerSlot
from generation.news import tell_queue_moved
from generation.queries.workers import is_live
from generation.types import WorkerState

_HAPPENED = {
    WorkerState.ACTIVE: "generation.worker_slot.resumed",
    WorkerState.PAUSED: "generation.worker_slot.paused",
    WorkerState.DRAINING: "generation.worker_slot.drained",
}


@transaction.atomic
def set_slot_state(*, access: Access, slot: WorkerSlot, state: WorkerState) -> None:
    """Let the workers of a slot work, take nothing new, or give the memory of the GPU back too.

    The picture that is being made is finished in any case. The order holds for whatever process
    fills the slot later, until it is taken back.

    Raises:
        InvalidTransition: the slot is in that state already, or another operator was faster.
    """
    access.require_operator()
    if slot.state == state:
        raise InvalidTransition(_("This has been done already."))
    moved = WorkerSlot.objects.filter(pk=slot.pk, state=slot.state).update(
        state=state, changed_at=timezone.now(), changed_by_id=access.user_id
    )
    if not moved:
        raise InvalidTransition
    slot.refresh_from_db()
    record(access, _HAPPENED[state], slot, organization_id=None)
    transaction.on_commit(_line_changed)


@transaction.atomic
def reset_breakers(
    *, access: Access, slot: WorkerSlot, model_version: ModelVersion | None = None
) -> int:
    """Forget the failures of a slot, with one model or with all; return of how many models.

    Raises:
        InvalidTransition: nothing is held against it (any more).
    """
    access.require_operator()
    breakers = CircuitBreaker.objects.filter(slot=slot).select_related("model_version")
    if model_version is not None:
        breakers = breakers.filter(model_version=model_version)
    models = sorted(str(each.model_version) for each in breakers)
    # A failure that is noted at this moment finds its row gone, and is forgotten with the others.
    if not breakers.delete()[0]:
        raise InvalidTransition(_("No failures are held against this worker."))
    record(
        access,
        "generation.worker_slot.breakers_reset",
        slot,
        organization_id=None,
        models=", ".join(models),
    )
    transaction.on_commit(_line_changed)
    return len(models)


@transaction.atomic
def forget_slot(*, access: Access, slot: WorkerSlot) -> None:
    """Take a place that nobody fills off the list. A worker that comes back makes it anew.

    Raises:
        InvalidTransition: a worker is there.
    """
    access.require_operator()
    lives = Worker.objects.select_for_update().filter(slot=slot)
    if any(is_live(each, timezone.now()) for each in lives):
        raise InvalidTransition(_("A worker runs there. Stop it first."))
    record(access, "generation.worker_slot.forgotten", slot, organization_id=None)
    Worker.objects.filter(slot=slot).delete()
    slot.delete()


def _line_changed() -> None:
    """What can start has changed: wake the workers, and let open pages look again."""
    ring()
    tell_queue_moved()
