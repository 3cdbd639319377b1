"""Putting tags on many pictures, and taking them off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from assets.actions.tagging import tag_each, tag_images, untag_each, untag_images
from assets.models import Image, Operation
from assets.operations.base import ImageHandler, register
from assets.outcomes import Outcome
from assets.policies import tag_named
from assets.types import OperationKind, SkipReason

MOST_NAMES = 20


class _Tagging(ImageHandler):
    def check(
        self, access: Access, project: Project, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        del access, project
        names = arguments.get("tags") or []
        if not names:
            raise InvalidInput(_("Write a tag."), field="tags")
        if len(names) > MOST_NAMES:
            raise InvalidInput(
                _("At most %(most)d tags at once.") % {"most": MOST_NAMES}, field="tags"
            )
        tidied = dict.fromkeys(_named(name) for name in names)
        return {"tags": list(tidied), "name": ", ".join(tidied)}


class _Tag(_Tagging):
    kind = OperationKind.TAG

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        tagged = tag_images(
            access=access,
            project=operation.project,
            images=images,
            names=operation.arguments["tags"],
            by_operation=True,
        )
        before = {image_id: {"tags": list(names)} for image_id, names in tagged.added.items()}
        return _outcome(images, before, SkipReason.ALREADY_TAGGED, full=tagged.full)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        removed = untag_each(
            access=access,
            project=operation.project,
            names={image.pk: before[image.pk]["tags"] for image in images},
            by_operation=True,
        )
        return _outcome(images, {image_id: {} for image_id in removed}, SkipReason.CHANGED_SINCE)


class _Untag(_Tagging):
    kind = OperationKind.UNTAG

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        removed = untag_images(
            access=access,
            project=operation.project,
            images=images,
            names=operation.arguments["tags"],
            by_operation=True,
        )
        before = {image_id: {"tags": list(names)} for image_id, names in removed.items()}
        return _outcome(images, before, SkipReason.NOT_TAGGED)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        tagged = tag_each(
            access=access,
            project=operation.project,
            names={image.pk: before[image.pk]["tags"] for image in images},
            by_operation=True,
        )
        again: dict[int, dict[str, Any]] = {image_id: {} for image_id in tagged.added}
        return _outcome(images, again, SkipReason.CHANGED_SINCE, full=tagged.full)


def _outcome(
    images: Sequence[Image],
    before: Mapping[int, dict[str, Any]],
    otherwise: SkipReason,
    full: frozenset[int] = frozenset(),
) -> Outcome:
    skipped = {
        image.pk: SkipReason.FULL if image.pk in full else otherwise
        for image in images
        if image.pk not in before
    }
    changed = [image for image in images if image.pk in before]
    return Outcome(changed=changed, skipped=skipped, before=dict(before))


def _named(name: str) -> str:
    try:
        return tag_named(name)[0]
    except InvalidInput as error:
        raise InvalidInput(error.sentence, field="tags") from error


register(_Tag())
register(_Untag())
