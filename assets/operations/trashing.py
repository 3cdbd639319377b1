"""Throwing many pictures away, taking them out of the trash, deleting them for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dateparse import parse_datetime

from accounts.access import Access
from accounts.roles import Permission
from assets.actions.trashing import purge_images, restore_images, trash_images
from assets.models import Image, Operation, OperationItem
from assets.operations.base import ImageHandler, register, skip
from assets.outcomes import Outcome
from assets.types import OperationKind, SkipReason


class _Trash(ImageHandler):
    kind = OperationKind.TRASH

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        return trash_images(access=access, project=operation.project, images=images)

    def _is_as_left(self, item: OperationItem, operation: Operation) -> bool:
        if not self._is_there(item, operation, in_trash=True):
            return False
        thrown_away_at = parse_datetime((item.before or {}).get("trashed_at", ""))
        if item.image is not None and item.image.trashed_at != thrown_away_at:
            skip(item, SkipReason.CHANGED_SINCE)  # it was restored and thrown away once more
            return False
        return True

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        del before
        return restore_images(access=access, project=operation.project, images=images)


class _Restore(ImageHandler):
    kind = OperationKind.RESTORE
    in_trash = True

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        return restore_images(access=access, project=operation.project, images=images)

    def _is_as_left(self, item: OperationItem, operation: Operation) -> bool:
        return self._is_there(item, operation, in_trash=False)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        return trash_images(
            access=access, project=operation.project, images=images, as_before=before
        )


class _Purge(ImageHandler):
    kind = OperationKind.PURGE
    in_trash = True
    permission = Permission.MANAGE_PROJECT
    chunk = 50  # each brings three files with it

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        for item in items:
            item.name = str(item.image)[:255] if item.image else item.name
            item.data = {"uid": str(item.image.uid)} if item.image else None
        super().perform(access, operation, items)

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        return purge_images(access=access, project=operation.project, images=images)


register(_Trash())
register(_Restore())
register(_Purge())
