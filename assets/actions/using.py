"""Counting what images are used for: begun with, recalled, downloaded, exported.

A download that a page offers is a form that is posted, because it is counted and a GET never
writes. A plain GET of the same file stays possible and is not counted: it is how pages show it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.access import Access
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.models import Image, ImageUse
from assets.types import REUSES, UseKind


@transaction.atomic
def count_download(*, access: Access, image: Image) -> None:
    """Somebody takes the file of an image away."""
    access.require(Permission.VIEW_GALLERY, image.project_id)
    record_uses(access=access, images=[image], kind=UseKind.DOWNLOAD)


@transaction.atomic
def record_uses(
    *,
    access: Access,
    images: Collection[Image],
    kind: UseKind,
    request_id: UUID | None = None,
) -> None:
    """Write down one use of each image, in the transaction of what uses them.

    `request_id` is the request that began with them or took their settings. Whether the person may
    see the images has been asked by then.
    """
    ids = sorted({image.pk for image in images})
    if not ids:
        return
    counted = Image.objects.filter(pk__in=ids)
    # In one order everywhere, so that two transactions cannot wait for each other.
    list(counted.order_by("pk").select_for_update().values_list("pk", flat=True))
    if kind in REUSES:
        counted.update(reuse_count=F("reuse_count") + 1)
    else:
        counted.update(download_count=F("download_count") + 1)
    ImageUse.objects.bulk_create(
        [
            ImageUse(image_id=pk, kind=kind, user_id=access.user_id, request_id=request_id)
            for pk in ids
        ],
        batch_size=500,
    )
    index_images(image_ids=ids)
