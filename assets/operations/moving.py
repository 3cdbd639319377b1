"""Moving many pictures to another project of their organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from assets.actions.moving import move_images
from assets.models import Image, Operation, OperationItem
from assets.operations.base import ImageHandler, register, skip
from assets.outcomes import Outcome
from assets.policies import require_other_project
from assets.types import OperationKind, SkipReason


class _Move(ImageHandler):
    kind = OperationKind.MOVE

    def check(
        self, access: Access, project: Project, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        if "project" not in arguments:
            raise InvalidInput(_("Choose the project to move them to."), field="project")
        target = project_for(access, arguments["project"])
        access.require(Permission.ORGANIZE_IMAGES, target.pk)
        require_other_project(project=project, target=target)
        return {"project": target.pk, "name": target.name}

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        target = _target_of(operation)
        if not access.allows(Permission.ORGANIZE_IMAGES, target.pk):
            refused = {image.pk: SkipReason.ROLE for image in images}
            return Outcome(skipped=refused)
        return move_images(access=access, project=operation.project, target=target, images=images)

    def _is_as_left(self, item: OperationItem, operation: Operation) -> bool:
        image = item.image
        if image is None:
            skip(item, SkipReason.GONE)
        elif image.project_id != operation.arguments["project"]:
            skip(item, SkipReason.CHANGED_SINCE)
        elif image.trashed_at is not None:
            skip(item, SkipReason.IN_TRASH)
        else:
            return True
        return False

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        target = _target_of(operation)
        if not access.allows(Permission.ORGANIZE_IMAGES, target.pk):
            refused = {image.pk: SkipReason.ROLE for image in images}
            return Outcome(skipped=refused)
        return move_images(
            access=access,
            project=target,
            target=operation.project,
            images=images,
            as_before=before,
        )


def _target_of(operation: Operation) -> Project:
    return Project.objects.select_related("organization").get(pk=operation.arguments["project"])


register(_Move())
