"""What a kind of operation has to be able to do, and which kinds there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol, runtime_checkable

from accounts.access import Access
from accounts.errors import DomainError, LimitExceeded, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.models import Image, Operation, OperationItem
from assets.operations.asks import Chosen
from assets.operations.choosing import ids_of
from assets.outcomes import Outcome
from assets.types import UNDOABLE, ItemState, OperationKind, SkipReason


class Handler(Protocol):
    """One kind of operation.

    `perform` and `undo` get a chunk of items, their images loaded with `project__organization` (an
    image that is gone or that the person may not see any more is `None`), inside one transaction
    that also saves the items. They set `state`, `reason` and `before` of each item and raise for
    nothing that concerns one item alone. A crash repeats the whole chunk, never half of it: what
    cannot be rolled back (files) must be safe to do twice.
    """

    kind: OperationKind
    chunk: int

    @property
    def can_undo(self) -> bool:
        """Whether what it did can be taken back."""
        ...

    def gather(self, access: Access, operation: Operation) -> Iterator[OperationItem]:
        """The unsaved items of an operation, in order; each `position` is set by the caller."""
        ...

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Do it to a chunk of items."""
        ...

    def undo(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Take a chunk of done items back; `operation` is the one that is undone."""
        ...

    def finish(self, access: Access, operation: Operation) -> None:
        """After the last chunk of an operation that was not cancelled; after a crash once more."""
        ...


@runtime_checkable
class PreparesFirst(Protocol):
    """A handler whose chunks need slow work that no transaction should be open for."""

    def prepared(
        self, access: Access, operation: Operation, items: Sequence[OperationItem]
    ) -> AbstractContextManager[None]:
        """Entered before the transaction of a chunk, left after it: with what it raised, if so."""
        ...


class ImageHandler:
    """A kind of operation that changes images through an action which takes many of them.

    `in_trash` says where the images lie that it is about. A kind overrides `change` and, where it
    can be taken back, `take_back`; both get images that are where they should be.
    """

    kind: OperationKind
    chunk = 200
    permission: ClassVar[Permission] = Permission.ORGANIZE_IMAGES
    in_trash: ClassVar[bool] = False

    @property
    def can_undo(self) -> bool:
        """Whether this kind can be taken back."""
        return self.kind in UNDOABLE

    def check(
        self, access: Access, project: Project, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What to write into the operation besides the images; refuses what cannot be done."""
        del access, project, arguments
        return {}

    def gather(self, access: Access, operation: Operation) -> Iterator[OperationItem]:
        """One item for each image that was chosen."""
        chosen = Chosen.from_json(operation.arguments["chosen"])
        for image_id in ids_of(access, operation.project_id, chosen, in_trash=self.in_trash):
            yield OperationItem(image_id=image_id)

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Change the images that are where they should be."""
        if not self._may(access, operation, items):
            return
        usable = [item for item in items if self._is_there(item, operation, in_trash=self.in_trash)]
        if usable:
            images = [item.image for item in usable if item.image is not None]
            try:
                outcome = self.change(access, operation, images)
            except DomainError as refusal:
                outcome = _all_refused(images, refusal)
            settle(usable, outcome)

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        """Do it to these images."""
        raise NotImplementedError

    def undo(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        """Take it back for what still is as it was left."""
        if not self._may(access, operation, items):
            return
        usable = [item for item in items if self._is_as_left(item, operation)]
        if not usable:
            return
        before = {item.image_id: item.before or {} for item in usable if item.image_id}
        images = [item.image for item in usable if item.image is not None]
        try:
            outcome = self.take_back(access, operation, images, before)
        except DomainError as refusal:
            outcome = _all_refused(images, refusal)
        for item in usable:
            reason = outcome.skipped.get(item.image_id or 0)
            if reason:
                skip(item, reason)
            else:
                item.state = ItemState.UNDONE

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        """Take it back for these images; `before` is what `change` noted."""
        raise NotImplementedError

    def finish(self, access: Access, operation: Operation) -> None:
        """Nothing is left to do."""

    def _may(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> bool:
        """Whether the person still has the role for it; without it nothing is changed."""
        if access.allows(self.permission, operation.project_id):
            return True
        for item in items:
            skip(item, SkipReason.ROLE)
        return False

    def _is_as_left(self, item: OperationItem, operation: Operation) -> bool:
        """Whether the image is where `change` has left it."""
        return self._is_there(item, operation, in_trash=self.in_trash)

    def _is_there(self, item: OperationItem, operation: Operation, *, in_trash: bool) -> bool:
        image = item.image
        if image is None:
            skip(item, SkipReason.GONE)
        elif image.project_id != operation.project_id:
            skip(item, SkipReason.MOVED_AWAY)
        elif (image.trashed_at is not None) != in_trash:
            skip(item, SkipReason.NOT_IN_TRASH if in_trash else SkipReason.IN_TRASH)
        else:
            return True
        return False


_HANDLERS: dict[OperationKind, Handler] = {}


def register(handler: Handler) -> Handler:
    """Make a kind known; each module of `assets.operations` does it for its own (`kinds.py`)."""
    _HANDLERS[handler.kind] = handler
    return handler


def handler_of(kind: str) -> Handler:
    """The handler of a kind of operation."""
    return _HANDLERS[OperationKind(kind)]


def skip(item: OperationItem, reason: str) -> None:
    """Leave an item as it is, and say why (a code of `assets.operations.reasons`)."""
    item.state = ItemState.SKIPPED
    item.reason = str(reason)


def done(item: OperationItem) -> None:
    """Mark an item as done."""
    item.state = ItemState.DONE
    item.reason = ""


def _all_refused(images: Sequence[Image], refusal: DomainError) -> Outcome:
    """What an action says that refused all of them: its own changes are rolled back."""
    reason = SkipReason.TARGET_GONE
    if isinstance(refusal, NotPermitted):
        reason = SkipReason.ROLE
    elif isinstance(refusal, LimitExceeded):
        reason = SkipReason.FULL
    return Outcome(skipped={image.pk: reason for image in images})


def settle(items: Sequence[OperationItem], outcome: Outcome) -> None:
    """Write into the items what an action has made of their images."""
    for item in items:
        image_id = item.image_id or 0
        reason = outcome.skipped.get(image_id)
        if reason:
            skip(item, reason)
        else:
            item.before = outcome.before.get(image_id)
            done(item)
