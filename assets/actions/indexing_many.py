"""Keeping the search right when a word of very many images changes at once."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.access import Access
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.actions.operations import order_operation
from assets.types import OperationKind

INDEXED_AT_ONCE = 500
"""More than somebody who waits for a page should wait for."""


def index_many(*, access: Access, project: Project, image_ids: Sequence[int]) -> None:
    """Index these images: few at once, in this transaction; many in the background, with progress.

    What an image's tags and collections are is right at once in both cases. Only its words in the
    search follow, in the time that the archivist takes.
    """
    access.require(Permission.ORGANIZE_IMAGES, project.pk)
    if len(image_ids) <= INDEXED_AT_ONCE:
        index_images(image_ids=image_ids)
        return
    order_operation(
        access=access,
        project=project,
        kind=OperationKind.INDEX,
        arguments={"images": sorted(image_ids)},
    )
