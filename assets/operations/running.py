"""Carrying operations out: claiming one, gathering its items, working through them in chunks.

Every step is one transaction that first makes sure that this process still holds the operation, so
that of two processes that believe to hold it only one gets through. Whatever dies, another process
goes on with the items that are still waiting. An operation that others wait behind is worked on for
a turn and then handed back, so that a large one does not keep small ones waiting.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from itertools import islice
from typing import Any

import structlog
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    transaction,
)
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
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

TURN_SECONDS = 2.0
"""How long one operation is worked on while others wait."""

GATHERED_AT_ONCE = 1000


class Stopped(Exception):
    """The operation was cancelled, or another process took it over: leave it alone."""


class NoAccess(Exception):
    """Whoever ordered the operation may not enter the project any more."""


def run_next(
    *,
    access: Access,
    stopping: Callable[[], bool] = lambda: False,
    turn_seconds: float = TURN_SECONDS,
) -> bool:
    """Work on the open operation that was worked on least lately; whether there was one.

    `stopping` is asked between chunks: an operation that is left waits for the next process.

    Raises:
        OperationalError, InterfaceError: the database is away; the operation goes on later.
    """
    access.require_system()
    operation = _claim_next()
    if operation is None:
        return False
    ends_at = time.monotonic() + turn_seconds
    _carry_out(
        operation,
        is_over=lambda: stopping() or (time.monotonic() >= ends_at and _others(operation).exists()),
    )
    return True


def claim(operation: Operation) -> bool:
    """Take an operation for this process; whether nobody else was faster."""
    now = timezone.now()
    token = uuid.uuid4()
    claimed = Operation.objects.filter(_free(), pk=operation.pk).update(
        status=OperationStatus.RUNNING,
        claim=token,
        beat_at=now,
        started_at=Coalesce("started_at", now),
    )
    if claimed:
        operation.refresh_from_db(fields=["status", "claim", "beat_at", "started_at"])
    return bool(claimed) and operation.claim == token


def carry_out(operation: Operation) -> None:
    """Carry out a small operation that this process has claimed, to its end."""
    _carry_out(operation, is_over=lambda: False)


def _free() -> Q:
    """Operations that nobody works on."""
    return (
        Q(status=OperationStatus.WAITING)
        | Q(status=OperationStatus.RUNNING, claim__isnull=True)
        | Q(status=OperationStatus.RUNNING, beat_at__lt=timezone.now() - LOST_AFTER)
    )


def _others(operation: Operation) -> QuerySet[Operation]:
    return Operation.objects.filter(_free()).exclude(pk=operation.pk)


def _claim_next() -> Operation | None:
    waiting = (
        Operation.objects.filter(_free())
        .select_related("project__organization", "created_by", "undoes")
        .order_by(F("beat_at").asc(nulls_first=True), "pk")
    )
    return next((each for each in waiting[:100] if claim(each)), None)


def _carry_out(operation: Operation, *, is_over: Callable[[], bool]) -> None:
    try:
        _run(operation, is_over)
    except Stopped:
        _settle_cancelled(operation)
    except NoAccess:
        _end(operation, OperationStatus.FAILED, error="no_access")
    except (OperationalError, InterfaceError):
        _let_go(operation)
        raise
    except Exception:
        log.exception("operation.failed", operation=str(operation.uid), kind=operation.kind)
        _end(operation, OperationStatus.FAILED, error="unexpected")


def _run(operation: Operation, is_over: Callable[[], bool]) -> None:
    handler = handler_of(operation.undoes.kind if operation.undoes else operation.kind)
    if not operation.is_gathered:
        _gather(operation, handler)
    while _work_on_a_chunk(operation, handler):
        if is_over():
            _hand_back(operation)
            return
        _tell(operation)
    if not operation.undoes:
        handler.finish(_access_of(operation), operation)
    _end(operation, OperationStatus.DONE)


def _gather(operation: Operation, handler: Handler) -> None:
    """Write down what is to be done, so that it does not change while it is done."""
    with transaction.atomic():
        _still_ours(operation)
        OperationItem.objects.filter(operation=operation).delete()  # of a process that died here
    found: Iterable[OperationItem]
    if operation.undoes:
        found = _to_take_back(operation.undoes)
    else:
        found = handler.gather(_access_of(operation), operation)
    position = 0
    for several in _in_groups(found, GATHERED_AT_ONCE):
        for item in several:
            item.operation, item.position = operation, position
            position += 1
        _write_down(operation, several)
    with transaction.atomic():
        _still_ours(operation, total=position, is_gathered=True)
    operation.total, operation.is_gathered = position, True


def _to_take_back(undone: Operation) -> Iterator[OperationItem]:
    """An item for each one that was done, the last one first."""
    all_done = OperationItem.objects.filter(operation=undone, state=ItemState.DONE)
    page = list(all_done.order_by("-position")[:GATHERED_AT_ONCE])
    while page:
        for item in page:
            yield OperationItem(image_id=item.image_id, name=item.name, before={"item": item.pk})
        rest = all_done.filter(position__lt=page[-1].position)
        page = list(rest.order_by("-position")[:GATHERED_AT_ONCE])


def _write_down(operation: Operation, items: Sequence[OperationItem]) -> None:
    try:
        with transaction.atomic():
            _still_ours(operation)
            OperationItem.objects.bulk_create(items)
    except IntegrityError:
        # An image was deleted for good since it was found: its item says so.
        there = set(
            Image.objects.filter(
                pk__in=[item.image_id for item in items if item.image_id]
            ).values_list("pk", flat=True)
        )
        for item in items:
            item.pk = None
            if item.image_id not in there:
                item.image_id = None
        with transaction.atomic():
            _still_ours(operation)
            OperationItem.objects.bulk_create(items)


def _work_on_a_chunk(operation: Operation, handler: Handler) -> bool:
    """One transaction; whether anything may be left to do after it.

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
    return len(items) == handler.chunk


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
        Image.objects.shown_to(access)
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
    OperationItem.objects.bulk_update(
        items, ["name", "state", "reason", "before", "data"], batch_size=200
    )
    return Counter(item.state for item in items)


def _still_ours(operation: Operation, **changes: Any) -> None:
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
    """Let the next process, or this one when it is its turn again, go on with it."""
    Operation.objects.filter(
        pk=operation.pk, status=OperationStatus.RUNNING, claim=operation.claim
    ).update(claim=None, beat_at=timezone.now())


def _let_go(operation: Operation) -> None:
    """Hand back if the database still listens; else it is taken over when the claim is old."""
    try:
        _hand_back(operation)
    except DatabaseError as error:
        log.info("operation.left", operation=str(operation.uid), reason=str(error))


def _settle_cancelled(operation: Operation) -> None:
    _end(operation, OperationStatus.CANCELLED, cancel_requested=True)


def _end(operation: Operation, status: OperationStatus, error: str = "", **only: Any) -> None:
    ended = Operation.objects.filter(
        pk=operation.pk, status=OperationStatus.RUNNING, claim=operation.claim, **only
    ).update(status=status, error=error, claim=None, beat_at=None, ended_at=timezone.now())
    if ended:
        _tell(operation)
        log.info("operation.ended", operation=str(operation.uid), status=status.value)


def _tell(operation: Operation) -> None:
    tell(operation.created_by_id, {"type": "operation", "operation": str(operation.uid)})


def _access_of(operation: Operation) -> Access:
    """What the person who ordered it may do now; a token never more than it could when it asked.

    Raises:
        NoAccess: their account was closed, or they left the project.
    """
    person = operation.created_by
    person.refresh_from_db(fields=["is_active"])
    asked = operation.arguments.get("token") or {}
    actor = Actor(label=str(person), user_id=person.pk, token_prefix=asked.get("prefix", ""))
    access = access_for(person, actor)
    if asked:
        access = access.limited_to(frozenset(Permission(word) for word in asked["held"]))
    if not access.allows(Permission.VIEW_GALLERY, operation.project_id):
        raise NoAccess
    return access


def access_now(operation: Operation) -> Access:
    """What the person who ordered an operation may do now; raises `NoAccess`."""
    return _access_of(operation)


def _in_groups(items: Iterable[OperationItem], size: int) -> Iterator[list[OperationItem]]:
    rest = iter(items)
    while several := list(islice(rest, size)):
        yield several
