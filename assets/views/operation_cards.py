"""Operations as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from accounts.access import Access
from accounts.roles import Permission
from assets.models import Operation
from assets.operations.export_orders import is_too_old
from assets.operations.reasons import failure_words_of
from assets.operations.wording import result_of, skipped_words, title_of
from assets.types import UNDOABLE, OperationKind, OperationStatus

ICONS = {
    OperationKind.TAG: "tag",
    OperationKind.UNTAG: "tag",
    OperationKind.COLLECT: "folder",
    OperationKind.UNCOLLECT: "folder",
    OperationKind.SUBMIT: "send",
    OperationKind.MOVE: "arrow-right",
    OperationKind.TRASH: "trash-2",
    OperationKind.RESTORE: "archive-restore",
    OperationKind.PURGE: "trash-2",
    OperationKind.MERGE: "layers",
    OperationKind.EXPORT: "download",
    OperationKind.IMPORT: "upload",
    OperationKind.INDEX: "search",
}


@dataclass(frozen=True, slots=True)
class OperationCard:
    """One operation in words, and what the reader may do with it."""

    operation: Operation
    title: str
    result: str
    skipped: str
    failure: str
    icon: str
    url: str
    may_cancel: bool
    may_undo: bool
    file_url: str = ""

    @property
    def is_undone(self) -> bool:
        """Whether it was taken back, or is being taken back."""
        return getattr(self.operation, "undone_by", None) is not None

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop and has not ended yet."""
        return self.operation.is_open and self.operation.cancel_requested

    @property
    def status(self) -> str:
        """The status as badges know it."""
        return str(self.operation.status)


def card_of(access: Access, operation: Operation) -> OperationCard:
    """One operation as this reader may see it."""
    is_own = operation.created_by_id == access.user_id
    needed = Permission.ORGANIZE_IMAGES if is_own else Permission.MANAGE_PROJECT
    may = access.allows(needed, operation.project_id)
    return OperationCard(
        operation=operation,
        title=title_of(operation),
        result=result_of(operation),
        skipped=skipped_words(operation),
        failure=failure_words_of(operation.error)
        if operation.status == OperationStatus.FAILED
        else "",
        icon="undo-2"
        if operation.undoes_id
        else ICONS.get(OperationKind(operation.kind), "list-checks"),
        url=reverse("assets:operation", kwargs={"uid": operation.uid}),
        may_cancel=may and operation.is_open and not operation.cancel_requested,
        may_undo=may and _can_be_undone(operation),
        file_url=_file_url(operation) if is_own else "",
    )


def cards_of(access: Access, operations: Iterable[Operation]) -> list[OperationCard]:
    """Several operations as this reader may see them."""
    return [card_of(access, operation) for operation in operations]


def _file_url(operation: Operation) -> str:
    """Where an export is fetched; empty for what is none, or is not ready, or is too old."""
    is_there = (
        operation.kind == OperationKind.EXPORT
        and not operation.is_open
        and operation.status != OperationStatus.FAILED
        and operation.done > 0
        and not is_too_old(operation)
    )
    if not is_there:
        return ""
    return reverse("assets:export-file", kwargs={"export_uid": operation.uid})


def _can_be_undone(operation: Operation) -> bool:
    return (
        operation.kind in UNDOABLE
        and not operation.is_open
        and operation.done > 0
        and operation.undoes_id is None
        and getattr(operation, "undone_by", None) is None
    )
