"""Putting many pictures into a collection, and taking them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput, NotVisible
from accounts.models import Project
from assets.actions.collecting import collect_images, put_back_images, uncollect_images
from assets.models import Collection, Image, Operation
from assets.operations.base import ImageHandler, register
from assets.outcomes import Outcome
from assets.queries.collections import collection_for
from assets.types import OperationKind, SkipReason


class _Collecting(ImageHandler):
    def check(
        self, access: Access, project: Project, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        if arguments.get("collection") is None:
            raise InvalidInput(_("Choose a collection."), field="collection")
        try:
            collection = collection_for(access, arguments["collection"])
        except NotVisible:
            collection = None
        if collection is None or collection.project_id != project.pk:
            raise InvalidInput(
                _("This collection is not there any more. Choose another one."),
                field="collection",
            )
        return {"collection": collection.pk, "name": collection.name}


class _Collect(_Collecting):
    kind = OperationKind.COLLECT

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        new = collect_images(
            access=access,
            collection=_collection_of(access, operation),
            images=images,
            by_operation=True,
        )
        return _outcome(images, {pk: {} for pk in new}, SkipReason.ALREADY_COLLECTED)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        del before
        places = uncollect_images(
            access=access,
            collection=_collection_of(access, operation),
            images=images,
            by_operation=True,
        )
        return _outcome(images, {pk: {} for pk in places}, SkipReason.CHANGED_SINCE)


class _Uncollect(_Collecting):
    kind = OperationKind.UNCOLLECT

    def change(self, access: Access, operation: Operation, images: Sequence[Image]) -> Outcome:
        places = uncollect_images(
            access=access,
            collection=_collection_of(access, operation),
            images=images,
            by_operation=True,
        )
        before = {pk: {"position": position} for pk, position in places.items()}
        return _outcome(images, before, SkipReason.NOT_COLLECTED)

    def take_back(
        self,
        access: Access,
        operation: Operation,
        images: Sequence[Image],
        before: Mapping[int, Mapping[str, Any]],
    ) -> Outcome:
        again = put_back_images(
            access=access,
            collection=_collection_of(access, operation),
            places={image.pk: before[image.pk]["position"] for image in images},
            by_operation=True,
        )
        return _outcome(images, {pk: {} for pk in again}, SkipReason.CHANGED_SINCE)


def _collection_of(access: Access, operation: Operation) -> Collection:
    return collection_for(access, operation.arguments["collection"])


def _outcome(
    images: Sequence[Image], before: Mapping[int, dict[str, Any]], otherwise: SkipReason
) -> Outcome:
    skipped = {image.pk: otherwise for image in images if image.pk not in before}
    changed = [image for image in images if image.pk in before]
    return Outcome(changed=changed, skipped=skipped, before=dict(before))


register(_Collect())
register(_Uncollect())
