"""Counting uses: rows that say what happened, and sums that lists sort by."""

from __future__ import annotations

import uuid

import pytest

from accounts.errors import NotVisible
from assets.actions.using import count_download, record_uses
from assets.models import ImageUse
from assets.types import UseKind
from tests.assets.builders import make_image
from tests.builders import World, access_of


def test_each_kind_of_use_counts_where_lists_sort_by_it(world: World) -> None:
    one, other = (make_image(world.pets, world.uma) for _ in range(2))
    request = uuid.uuid4()
    record_uses(
        access=access_of(world.rita), images=[one, other], kind=UseKind.RECALL, request_id=request
    )
    record_uses(access=access_of(world.rita), images=[one], kind=UseKind.INPUT)
    record_uses(access=access_of(world.rita), images=[other], kind=UseKind.EXPORT)
    for image in (one, other):
        image.refresh_from_db()
    assert (one.reuse_count, one.download_count) == (2, 0)
    assert (other.reuse_count, other.download_count) == (1, 1)
    first = ImageUse.objects.order_by("pk").first()
    assert (first.image, first.kind, first.user, first.request_id) == (
        one,
        UseKind.RECALL,
        world.rita,
        request,
    )


def test_an_image_that_is_named_twice_is_used_once(world: World) -> None:
    image = make_image(world.pets, world.uma)
    record_uses(access=access_of(world.uma), images=[image, image], kind=UseKind.EXPORT)
    record_uses(access=access_of(world.uma), images=[], kind=UseKind.EXPORT)
    assert ImageUse.objects.count() == 1


def test_a_download_is_counted_for_members_and_hidden_from_strangers(world: World) -> None:
    image = make_image(world.pets, world.uma)
    count_download(access=access_of(world.paul), image=image)
    with pytest.raises(NotVisible):
        count_download(access=access_of(world.mallory), image=image)
    image.refresh_from_db()
    assert image.download_count == ImageUse.objects.filter(kind=UseKind.DOWNLOAD).count() == 1
