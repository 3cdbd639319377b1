"""Putting images into collections, taking them out, and giving them an order.

Places are numbers with room between them, so that moving an image changes one row; where there is
no room left, everything behind it moves on.
"""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded, NotPermitted
from accounts.roles import Permission
from assets.actions.indexing import index_images
from assets.models import Collection, CollectionItem, Image

STEP = 1024
ITEMS_OF_A_COLLECTION = 200_000
WRITTEN_AT_ONCE = 1000


@transaction.atomic
def collect_images(
    *, access: Access, collection: Collection, images: Sequence[Image], by_operation: bool = False
) -> frozenset[int]:
    """Put images at the end of a collection, in this order; the ids that were not in it before.

    `by_operation` leaves the audit row out: the operation has its own, and is made of many calls.
    """
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    person_id = _person(access)
    if any(image.project_id != collection.project_id for image in images):
        raise InvalidInput(
            _("A collection takes pictures of its own project only."), field="images"
        )
    _lock(collection)
    here = set(_locked_images(collection, [image.pk for image in images]))
    already = set(_items(collection, here).values_list("image_id", flat=True))
    new = [
        image_id
        for image_id in dict.fromkeys(image.pk for image in images)
        if image_id in here and image_id not in already
    ]
    if not new:
        return frozenset()
    places = CollectionItem.objects.filter(collection=collection)
    if places.count() + len(new) > ITEMS_OF_A_COLLECTION:
        raise LimitExceeded(
            _("A collection holds at most %(most)d pictures.") % {"most": ITEMS_OF_A_COLLECTION},
            field="images",
        )
    last = places.aggregate(last=Max("position"))["last"] or 0
    CollectionItem.objects.bulk_create(
        [
            CollectionItem(
                collection=collection,
                image_id=image_id,
                position=last + number * STEP,
                added_by_id=person_id,
            )
            for number, image_id in enumerate(new, start=1)
        ],
        batch_size=WRITTEN_AT_ONCE,
    )
    index_images(image_ids=new)
    if not by_operation:
        _record(access, "filled", collection, images=len(new))
    return frozenset(new)


@transaction.atomic
def uncollect_images(
    *, access: Access, collection: Collection, images: Several[Image], by_operation: bool = False
) -> Mapping[int, int]:
    """Take images out of a collection; by id, the place of each that was in it."""
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    _lock(collection)
    items = _items(collection, [image.pk for image in images])
    places = dict(items.values_list("image_id", "position"))
    items.delete()
    index_images(image_ids=list(places))
    if places and not by_operation:
        _record(access, "emptied", collection, images=len(places))
    return places


@transaction.atomic
def put_back_images(
    *, access: Access, collection: Collection, places: Mapping[int, int], by_operation: bool = False
) -> frozenset[int]:
    """Put images back at the places that `uncollect_images` told; the ids that are in it again."""
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    person_id = _person(access)
    _lock(collection)
    here = set(_locked_images(collection, places))
    here -= set(_items(collection, here).values_list("image_id", flat=True))
    CollectionItem.objects.bulk_create(
        [
            CollectionItem(
                collection=collection,
                image_id=image_id,
                position=places[image_id],
                added_by_id=person_id,
            )
            for image_id in sorted(here)
        ],
        batch_size=WRITTEN_AT_ONCE,
    )
    index_images(image_ids=list(here))
    if here and not by_operation:
        _record(access, "filled", collection, images=len(here))
    return frozenset(here)


@transaction.atomic
def move_images_in_collection(
    *,
    access: Access,
    collection: Collection,
    images: Sequence[Image],
    before: Image | None = None,
) -> None:
    """Put images of a collection, in this order, before another one of it; without one at the end.

    Seven queries, however many images are in the collection.
    """
    access.require(Permission.ORGANIZE_IMAGES, collection.project_id)
    _lock(collection)
    wanted = list(dict.fromkeys(image.pk for image in images))
    moving = {item.image_id: item for item in _items(collection, wanted)}
    if len(moving) != len(wanted) or (before is not None and before.pk in moving):
        raise InvalidTransition(_("This collection has changed in the meantime. Look again."))
    others = CollectionItem.objects.filter(collection=collection).exclude(image__in=wanted)
    low, high = _gap(others, before)
    if high is not None and high - low <= len(wanted):
        # `pk` decides between equal places, so what stands behind begins at the place itself.
        room = (len(wanted) + 1) * STEP
        others.filter(position__gte=high).update(position=F("position") + room)
        high += room
    step = STEP if high is None else (high - low) // (len(wanted) + 1)
    for number, image_id in enumerate(wanted, start=1):
        moving[image_id].position = low + number * step
    CollectionItem.objects.bulk_update(moving.values(), ["position"], batch_size=WRITTEN_AT_ONCE)
    _record(access, "ordered", collection, images=len(wanted))


def _gap(others: Any, before: Image | None) -> tuple[int, int | None]:
    """The places between which images are to stand; the second is `None` at the end."""
    if before is None:
        return others.aggregate(last=Max("position"))["last"] or 0, None
    following = others.filter(image=before).first()
    if following is None:
        raise InvalidTransition(_("This collection has changed in the meantime. Look again."))
    low = others.filter(position__lt=following.position).aggregate(low=Max("position"))["low"]
    return low or 0, following.position


def _lock(collection: Collection) -> None:
    """Let nobody else change the order until the end; `InvalidTransition` when it is gone."""
    found = Collection.objects.select_for_update(no_key=True).filter(pk=collection.pk)
    if not found.values_list("pk", flat=True):
        raise InvalidTransition(_("Somebody else has just deleted this collection."))


def _locked_images(collection: Collection, image_ids: Iterable[int]) -> list[int]:
    return list(
        Image.objects.filter(project=collection.project_id, pk__in=list(image_ids))
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _items(collection: Collection, image_ids: Iterable[int]) -> Any:
    return CollectionItem.objects.filter(collection=collection, image__in=list(image_ids))


def _person(access: Access) -> int:
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    return access.user_id


def _record(access: Access, happened: str, collection: Collection, **data: Any) -> None:
    record(
        access,
        f"assets.collection.{happened}",
        collection,
        organization_id=collection.project.organization_id,
        project_id=collection.project_id,
        **data,
    )
