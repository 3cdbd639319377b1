"""Carrying operations out: claiming one, gathering its items, working through them in chunks.

Every step is one transaction that first makes sure that this process still holds the operation, so
that of two processes that believe to hold it only one gets through. Whatever dies, another process
goes on with the items that are still waiting.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from itertools import islice

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import Access, Actor
from accounts.grants import access_for
from accounts.live import tell
from accounts.roles import Permission
from assets.models import Image, Operation, OperationItem
from assets.operations.base import Handler, PreparesFirst, handler_of
from assets.types import ItemState, OperationStatus

log = structlog.get_logger("atelier.operations")

LOST_AFTER = timedelta(seconds=60)
"""A process that has not spoken for so long is believed dead, and its operation is taken over."""

GATHERED_AT_ONCE = 1000


class Stopped(Exception):
    """The operation was cancelled, or another process took it over: leave it alone."""


def run_next(*, access: Access, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Carry out the oldest open operation; whether there was one.

    `stopping` is asked between chunks: an operation that is left waits for the next process.
    """
    access.require_system()
    operation = _claim()
    if operation is None:
        return False
    try:
        _run(operation, stopping)
    except Stopped:
        _settle_cancelled(operation)
    except DatabaseError:
        raise  # the database is away: the operation is taken over when it is back
    except Exception:
        log.exception("operation.failed", operation=str(operation.uid), kind=operation.kind)
        _end(operation, OperationStatus.FAILED, error="unexpected")
    return True


def _claim() -> Operation | None:
    now = timezone.now()
    free = Q(status=OperationStatus.WAITING) | Q(
        status=OperationStatus.RUNNING, beat_at__lt=now - LOST_AFTER
    )
    for operation_id in Operation.objects.filter(free).order_by("id").values_list("pk", flat=True):
        claimed = Operation.objects.filter(free, pk=operation_id).update(
            status=OperationStatus.RUNNING,
            claim=uuid.uuid4(),
            beat_at=now,
            started_at=now,
        )
        if claimed:
            return Operation.objects.select_related(
                "project__organization", "created_by", "undoes"
            ).get(pk=operation_id)
    return None


def _run(operation: Operation, stopping: Callable[[], bool]) -> None:
    handler = handler_of(operation.undoes.kind if operation.undoes else operation.kind)
    if not operation.is_gathered:
        _gather(operation, handler)
    while True:
        if stopping():
            _hand_back(operation)
            return
        if not _work_on_a_chunk(operation, handler):
            break
        _tell(operation)
    if not operation.undoes:
        handler.finish(_access_of(operation), operation)
    _end(operation, OperationStatus.DONE)


def _gather(operation: Operation, handler: Handler) -> None:
    """Write down what is to be done, so that it does not change while it is done."""
    OperationItem.objects.filter(operation=operation).delete()  # of a process that died here
    found: Iterable[OperationItem]
    if operation.undoes:
        found = (
            OperationItem(image_id=item.image_id, name=item.name, before={"item": item.pk})
            for item in OperationItem.objects.filter(
                operation=operation.undoes, state=ItemState.DONE
            )
            .order_by("-position")
            .iterator(GATHERED_AT_ONCE)
        )
    else:
        found = handler.gather(_access_of(operation), operation)
    position = 0
    for several in _in_groups(found, GATHERED_AT_ONCE):
        for item in several:
            item.operation, item.position = operation, position
            position += 1
        with transaction.atomic():
            _still_ours(operation)
            OperationItem.objects.bulk_create(several)
    with transaction.atomic():
        _still_ours(operation, total=position, is_gathered=True)
    operation.total, operation.is_gathered = position, True


def _work_on_a_chunk(operation: Operation, handler: Handler) -> bool:
    """One transaction; whether there was anything left to do.

    Nobody but who holds the operation changes its items, so they may be read before it.
    """
    items = list(
        OperationItem.objects.filter(operation=operation, state=ItemState.WAITING).order_by(
            "position"
        )[: handler.chunk]
    )
    if not items:
        with transaction.atomic():
            _still_ours(operation)
        return False
    # What a person may do is asked again for each chunk: it may have changed.
    access = _access_of(operation)
    with _prepared(access, operation, handler, items), transaction.atomic():
        _still_ours(operation)
        if operation.undoes:
            _undo(access, operation, handler, items)
        else:
            _load_images(access, items)
            handler.perform(access, operation, items)
        states = _save(items)
        Operation.objects.filter(pk=operation.pk).update(
            done=F("done") + states[ItemState.DONE],
            skipped=F("skipped") + states[ItemState.SKIPPED],
            failed=F("failed") + states[ItemState.FAILED],
        )
    return True


def _prepared(
    access: Access, operation: Operation, handler: Handler, items: Sequence[OperationItem]
) -> AbstractContextManager[None]:
    """What the handler does before the transaction, where it does anything."""
    if operation.undoes or not isinstance(handler, PreparesFirst):
        return nullcontext()
    with transaction.atomic():
        _still_ours(operation)
    return handler.prepared(access, operation, items)


def _undo(
    access: Access, operation: Operation, handler: Handler, items: Sequence[OperationItem]
) -> None:
    """Take back the items that `items` stand for."""
    undone = operation.undoes
    if undone is None:
        return
    originals = OperationItem.objects.in_bulk([(item.before or {})["item"] for item in items])
    pairs = [(item, originals[(item.before or {})["item"]]) for item in items]
    _load_images(access, [original for _item, original in pairs])
    handler.undo(access, undone, [original for _item, original in pairs])
    for item, original in pairs:
        item.reason = original.reason
        item.state = ItemState.DONE if original.state == ItemState.UNDONE else ItemState.SKIPPED
        if original.state != ItemState.UNDONE:
            original.state, original.reason = ItemState.DONE, ""
    _save([original for _item, original in pairs])


def _load_images(access: Access, items: Sequence[OperationItem]) -> None:
    wanted = [item.image_id for item in items if item.image_id]
    images = (
        Image.objects.visible_to(access)
        .select_related("project__organization")
        .defer("metadata")
        .in_bulk(wanted)
    )
    for item in items:
        item.image = images.get(item.image_id) if item.image_id else None


def _save(items: Sequence[OperationItem]) -> Counter[str]:
    for item in items:
        if item.state == ItemState.WAITING:
            raise RuntimeError(f"item {item.position} was not looked at")
    OperationItem.objects.bulk_update(items, ["state", "reason", "before", "data"], batch_size=200)
    return Counter(item.state for item in items)


def _still_ours(operation: Operation, **changes: object) -> None:
    """Beat, or raise `Stopped`. The row stays locked until the transaction ends."""
    ours = Operation.objects.filter(
        pk=operation.pk,
        status=OperationStatus.RUNNING,
        claim=operation.claim,
        cancel_requested=False,
    ).update(beat_at=timezone.now(), **changes)
    if not ours:
        raise Stopped


def _hand_back(operation: Operation) -> None:
    Operation.objects.filter(
        pk=operation.pk, status=OperationStatus.RUNNING, claim=operation.claim
    ).update(status=OperationStatus.WAITING, claim=None, beat_at=None)


def _settle_cancelled(operation: Operation) -> None:
    _end(operation, OperationStatus.CANCELLED, cancel_requested=True)


def _end(operation: Operation, status: OperationStatus, error: str = "", **only: object) -> None:
    ended = Operation.objects.filter(
        pk=operation.pk, status=OperationStatus.RUNNING, claim=operation.claim, **only
    ).update(status=status, error=error, claim=None, beat_at=None, ended_at=timezone.now())
    if ended:
        _tell(operation)
        log.info("operation.ended", operation=str(operation.uid), status=status.value)


def _tell(operation: Operation) -> None:
    tell(operation.created_by_id, {"type": "operation", "operation": str(operation.uid)})


def _access_of(operation: Operation) -> Access:
    """What the person who ordered it may do now; nothing, once their account is closed."""
    person = operation.created_by
    person.refresh_from_db(fields=["is_active"])
    actor = Actor(label=str(person), user_id=person.pk)
    if not person.is_active:
        return Access(actor=actor)
    access = access_for(person, actor)
    access.require(Permission.VIEW_GALLERY, operation.project_id)
    return access


def _in_groups(items: Iterable[OperationItem], size: int) -> Iterator[list[OperationItem]]:
    rest = iter(items)
    while several := list(islice(rest, size)):
        yield several
