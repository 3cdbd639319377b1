"""Handing many pictures in for review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.access import Access
from accounts.roles import Permission
from assets.actions.submitting import submit_images, withdraw_images
from assets.models import Image, Operation
from assets.operations.base import ImageHandler, register
from assets.outcomes import Outcome
from assets.types import OperationKind


class _Submit(ImageHandler):
    kind = OperationKind.SUBMIT
    permission = Permission.SUBMIT_IMAGES

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        return submit_images(access=access, project=operation.project, images=images)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        return withdraw_images(
            access=access, project=operation.project, images=images, as_before=before
        )


register(_Submit())
