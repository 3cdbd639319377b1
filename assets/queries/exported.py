"""The pictures of an export, page by page, as whoever ordered it may see them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import CollectionItem, Image, ImageRendition, ImageTag, Operation, OperationItem
from assets.types import OperationKind, RenditionKind

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One item of an export. Without `image` it may not be seen (any more)."""

    item: OperationItem
    image: Image | None
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    thumb: str = ""


def export_for(access: Access, uid: UUID) -> Operation:
    """An export with its project; `NotVisible` for strangers and for what is no export."""
    operation = (
        Operation.objects.visible_to(access)
        .select_related("project__organization", "created_by")
        .filter(uid=uid, kind=OperationKind.EXPORT)
        .first()
    )
    if operation is None:
        raise NotVisible
    return operation


def exported(operation: Operation, access_now: Callable[[], Access]) -> Iterator[Exported]:
    """Everything of an export in its order. Who may see what is asked anew for each page."""
    after = -1
    while True:
        items = list(
            OperationItem.objects.filter(operation=operation, position__gt=after).order_by(
                "position"
            )[:PAGE]
        )
        if not items:
            return
        yield from _page(items, access_now())
        after = items[-1].position


def _page(items: list[OperationItem], access: Access) -> Iterator[Exported]:
    images = (
        Image.objects.visible_to(access)
        .select_related("project__organization", "created_by")
        .in_bulk([item.image_id for item in items if item.image_id])
    )
    tags: defaultdict[int, list[str]] = defaultdict(list)
    tagged = ImageTag.objects.filter(image__in=images, tag__project__in=_projects(images))
    for image_id, name in tagged.order_by("tag__name").values_list("image_id", "tag__name"):
        tags[image_id].append(name)
    collections: defaultdict[int, list[str]] = defaultdict(list)
    collected = CollectionItem.objects.filter(
        image__in=images, collection__project__in=_projects(images)
    )
    for image_id, name in collected.order_by("collection__name").values_list(
        "image_id", "collection__name"
    ):
        collections[image_id].append(name)
    thumbs = dict(
        ImageRendition.objects.filter(image__in=images, kind=RenditionKind.THUMB).values_list(
            "image_id", "path"
        )
    )
    for item in items:
        image_id = item.image_id or 0
        yield Exported(
            item=item,
            image=images.get(image_id),
            tags=tuple(tags[image_id]),
            collections=tuple(collections[image_id]),
            thumb=thumbs.get(image_id, ""),
        )


def _projects(images: dict[int, Image]) -> set[int]:
    return {image.project_id for image in images.values()}
