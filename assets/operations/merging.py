"""Keeping one of several images that look alike; taken back like everything done to many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from assets.actions.duplicates import keep_one, take_apart
from assets.models import Image, Operation, OperationItem
from assets.operations.base import ImageHandler, register
from assets.outcomes import Outcome
from assets.types import OperationKind, SkipReason


class _Merge(ImageHandler):
    kind = OperationKind.MERGE

    def check(
        self, access: Access, project: Project, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        images = Image.objects.visible_to(access).in_gallery().filter(project_id=project.pk)
        kept = images.filter(pk=arguments["kept"]).first()
        if kept is None:
            raise InvalidInput(_("The picture to keep is not there any more."), field="keep")
        return {"kept": kept.pk, "name": str(kept)[:60]}

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        project = operation.project
        kept = Image.objects.filter(
            pk=operation.arguments["kept"], project_id=operation.project_id
        ).first()
        if kept is None:
            return Outcome(skipped={image.pk: SkipReason.TARGET_GONE for image in images})
        return keep_one(access=access, project=project, kept=kept, others=images)

    def _is_as_left(self, item: OperationItem, operation: Operation) -> bool:
        return self._is_there(item, operation, in_trash=True)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        return take_apart(access=access, project=operation.project, images=images, before=before)


register(_Merge())
