"""Handing many pictures out: who may have which is settled here, the files are sent when fetched.

An export keeps no files. Its items say which pictures it holds and what they are called; they are
read, converted and packed while they are sent (`assets.exports`). That they were taken away is
counted when they are ordered, because fetching is a GET.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import prefetch_related_objects

from accounts.access import Access
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.using import record_uses
from assets.exports.naming import file_name
from assets.exports.options import Contents, ExportOptions
from assets.models import Operation, OperationItem
from assets.operations.base import ImageHandler, done, register
from assets.types import OperationKind, UseKind


class _Export(ImageHandler):
    kind = OperationKind.EXPORT
    permission = Permission.VIEW_GALLERY

    def check(
        self, access: Access, project: Project, arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        del access, project
        return {"export": options_of(arguments).to_json()}

    def perform(self, access: Access, operation: Operation, items: Sequence[OperationItem]) -> None:
        if not self._may(access, operation, items):
            return
        options = options_of(operation.arguments)
        usable = [item for item in items if self._is_there(item, operation, in_trash=False)]
        images = [item.image for item in usable if item.image is not None]
        if "{person}" in options.names:
            prefetch_related_objects(images, "created_by")
        for item, image in zip(usable, images, strict=True):
            archived = image.path.rpartition(".")[2]
            item.name = file_name(
                image,
                pattern=options.names,
                number=item.position + 1,
                extension=options.file.extension_for(archived),
            )
            done(item)
        if options.contents is Contents.PICTURES:
            record_uses(access=access, images=images, kind=UseKind.EXPORT)


register(_Export())


def options_of(arguments: Mapping[str, Any]) -> ExportOptions:
    """What somebody ordered, from the arguments of an operation."""
    return ExportOptions.from_json(arguments["export"])
