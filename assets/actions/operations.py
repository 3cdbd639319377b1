"""Ordering work on many images, calling it off, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from accounts.models import Project
from accounts.roles import Permission
from assets.models import Operation
from assets.types import OperationKind, OperationStatus

OPEN = [OperationStatus.WAITING, OperationStatus.RUNNING]
ENDED = [OperationStatus.DONE, OperationStatus.CANCELLED, OperationStatus.FAILED]


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

    Whether the person may do it to each single image is asked when it is its turn.
    """
    access.require(permission, project.pk)
    operation = Operation.objects.create(
        project=project, created_by_id=_person(access), kind=kind, arguments=dict(arguments)
    )
    _record(access, "ordered", operation, kind=kind.value)
    return operation


@transaction.atomic
def cancel_operation(*, access: Access, operation: Operation) -> None:
    """Stop an operation after the chunk that is being worked on; what was done stays done."""
    access.require_work_of(operation.created_by_id, operation.project_id)
    cancelled = Operation.objects.filter(pk=operation.pk, status=OperationStatus.WAITING).update(
        status=OperationStatus.CANCELLED, cancel_requested=True
    )
    if not cancelled:
        cancelled = Operation.objects.filter(
            pk=operation.pk, status=OperationStatus.RUNNING
        ).update(cancel_requested=True)
    if not cancelled:
        raise InvalidTransition(_("This has ended already. You can still undo it."))
    _record(access, "cancelled", operation)


@transaction.atomic
def undo_operation(*, access: Access, operation: Operation) -> Operation:
    """Take back what an operation did, as far as nobody has changed it since."""
    access.require_work_of(operation.created_by_id, operation.project_id)
    if operation.undoes_id is not None or operation.status not in ENDED:
        raise InvalidTransition(_("Only something that has ended can be undone."))
    try:
        with transaction.atomic():
            undoing = Operation.objects.create(
                project_id=operation.project_id,
                created_by_id=_person(access),
                kind=operation.kind,
                undoes=operation,
            )
    except IntegrityError as error:
        raise InvalidTransition(_("This is being undone already.")) from error
    _record(access, "undone", operation)
    return undoing


def _person(access: Access) -> int:
    if access.user_id is None:
        raise InvalidTransition(_("Only a person can do this."))
    return access.user_id


def _record(access: Access, what: str, operation: Operation, **data: Any) -> None:
    record(
        access,
        f"assets.operation.{what}",
        operation,
        organization_id=operation.project.organization_id,
        project_id=operation.project_id,
        **data,
    )
