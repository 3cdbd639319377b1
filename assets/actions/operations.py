"""Ordering work on many images, calling it off, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from accounts.models import Project
from accounts.roles import Permission
from assets.models import Operation, OperationItem
from assets.types import UNDOABLE, ItemState, OperationKind, OperationStatus

OPEN = [OperationStatus.WAITING, OperationStatus.RUNNING]
ENDED = [OperationStatus.DONE, OperationStatus.CANCELLED, OperationStatus.FAILED]

UNDO_DAYS = 30
"""How long what an operation did can be taken back; its items are forgotten then."""


@transaction.atomic
def order_operation(
    *,
    access: Access,
    project: Project,
    kind: OperationKind,
    arguments: Mapping[str, Any],
    permission: Permission = Permission.ORGANIZE_IMAGES,
) -> Operation:
    """Order work on many images. The archivist begins with it within a second.

    Whether the person may do it to each single image is asked when it is its turn; what an API
    token could not do when it asked, it cannot do then.
    """
    access.require(permission, project.pk)
    operation = Operation.objects.create(
        project=project,
        created_by_id=_person(access),
        kind=kind,
        arguments={**arguments, **_of_token(access)},
    )
    _record(access, "assets.operation.ordered", operation, kind=kind.value)
    return operation


@transaction.atomic
def note_done(
    *,
    access: Access,
    project: Project,
    kind: OperationKind,
    arguments: Mapping[str, Any],
    before: Mapping[int, Mapping[str, Any]],
) -> Operation | None:
    """Keep what was just done to a few images by hand, so that it can be undone like the rest.

    `before` is by image what the kind needs to take it back; without any there is nothing to keep.
    """
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    if not before:
        return None
    now = timezone.now()
    operation = Operation.objects.create(
        project=project,
        created_by_id=_person(access),
        kind=kind,
        arguments={**arguments, "chosen": {"ids": list(before)}, **_of_token(access)},
        status=OperationStatus.DONE,
        total=len(before),
        done=len(before),
        is_gathered=True,
        started_at=now,
        ended_at=now,
    )
    OperationItem.objects.bulk_create(
        OperationItem(
            operation=operation,
            position=position,
            image_id=image_id,
            state=ItemState.DONE,
            before=dict(values),
        )
        for position, (image_id, values) in enumerate(before.items())
    )
    return operation


@transaction.atomic
def cancel_operation(*, access: Access, operation: Operation) -> None:
    """Stop an operation after the chunk that is being worked on; what was done stays done."""
    access.require(_needed(access, operation), operation.project_id)
    cancelled = Operation.objects.filter(pk=operation.pk, status=OperationStatus.WAITING).update(
        status=OperationStatus.CANCELLED, cancel_requested=True, ended_at=timezone.now()
    )
    if not cancelled:
        cancelled = Operation.objects.filter(
            pk=operation.pk, status=OperationStatus.RUNNING
        ).update(cancel_requested=True)
    if not cancelled:
        raise InvalidTransition(_("This has ended already. You can still undo it."))
    _record(access, "assets.operation.cancelled", operation)


@transaction.atomic
def undo_operation(*, access: Access, operation: Operation) -> Operation:
    """Take back what an operation did, as far as nobody has changed it since."""
    access.require(_needed(access, operation), operation.project_id)
    if operation.undoes_id is not None or operation.status not in ENDED:
        raise InvalidTransition(_("Only something that has ended can be undone."))
    if operation.kind not in UNDOABLE:
        raise InvalidTransition(_("This cannot be undone."))
    if _is_too_old(operation):
        raise InvalidTransition(_("This was too long ago to be undone."))
    try:
        with transaction.atomic():
            undoing = Operation.objects.create(
                project_id=operation.project_id,
                created_by_id=_person(access),
                kind=operation.kind,
                undoes=operation,
                arguments=_of_token(access),
            )
    except IntegrityError as error:
        raise InvalidTransition(_("This is undone already.")) from error
    _record(access, "assets.operation.undone", operation)
    return undoing


def forget_old_items(*, access: Access, most: int = 10_000) -> int:
    """Delete the items of what cannot be undone any more, at most so many; return how many."""
    access.require_system()
    old = Operation.objects.filter(
        kind__in=UNDOABLE, ended_at__lt=timezone.now() - timedelta(days=UNDO_DAYS)
    )
    ids = OperationItem.objects.filter(operation__in=old).values_list("pk", flat=True)[:most]
    deleted, _by_model = OperationItem.objects.filter(pk__in=list(ids)).delete()
    return deleted


def _is_too_old(operation: Operation) -> bool:
    oldest = timezone.now() - timedelta(days=UNDO_DAYS)
    return operation.ended_at is not None and operation.ended_at < oldest


def _needed(access: Access, operation: Operation) -> Permission:
    is_own = operation.created_by_id == access.user_id
    return Permission.ORGANIZE_IMAGES if is_own else Permission.MANAGE_PROJECT


def _of_token(access: Access) -> dict[str, Any]:
    """What a token may do, so that its work in the background can do no more."""
    prefix = access.actor.token_prefix
    if not prefix:
        return {}
    held = sorted({word.value for words in access.projects.values() for word in words})
    return {"token": {"prefix": prefix, "held": held}}


def _person(access: Access) -> int:
    if access.user_id is None:
        raise InvalidTransition(_("Only a person can do this."))
    return access.user_id


def _record(access: Access, action: str, operation: Operation, **data: Any) -> None:
    record(
        access,
        action,
        operation,
        organization_id=operation.project.organization_id,
        project_id=operation.project_id,
        **data,
    )
