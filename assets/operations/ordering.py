"""Ordering an operation on images that somebody chose; a small one is done at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from assets.actions.operations import order_operation, undo_operation
from assets.models import Operation
from assets.operations import kinds  # noqa: F401  # makes the kinds known
from assets.operations.asks import Chosen
from assets.operations.base import ImageHandler, handler_of
from assets.operations.choosing import require_few_enough
from assets.operations.running import carry_out, claim
from assets.types import OperationKind

AT_ONCE = 50
"""So many images are changed while the person waits; it takes less than a page."""


def begin(
    *,
    access: Access,
    project: Project,
    kind: OperationKind,
    chosen: Chosen,
    arguments: Mapping[str, Any] | None = None,
) -> Operation:
    """Order a change of the chosen images, and carry it out if it is small.

    A large one, or a small one whose process dies, is the archivist's. Refuses what cannot be done
    to any image: no permission, nothing chosen, too much chosen, a target that does not exist.
    """
    handler = handler_of(kind)
    if not isinstance(handler, ImageHandler):
        raise InvalidInput(field="kind")
    access.require(handler.permission, project.pk)
    count = require_few_enough(access, project.pk, chosen, in_trash=handler.in_trash)
    with transaction.atomic():
        checked = handler.check(access, project, arguments or {})
        operation = order_operation(
            access=access,
            project=project,
            kind=kind,
            arguments={**checked, "chosen": chosen.to_json()},
            permission=handler.permission,
        )
        mine = count <= AT_ONCE and claim(operation)
    if mine:
        carry_out(operation)
    operation.refresh_from_db()
    return operation


def take_back(*, access: Access, operation: Operation) -> Operation:
    """Undo an operation, at once if it was small; returns the operation that does it."""
    with transaction.atomic():
        undoing = undo_operation(access=access, operation=operation)
        mine = operation.total <= AT_ONCE and claim(undoing)
    if mine:
        carry_out(undoing)
    undoing.refresh_from_db()
    return undoing
