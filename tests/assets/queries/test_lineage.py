"""The family of a picture."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assets.models import Image, ImageUse
from assets.queries.lineage import MOST_SHOWN, lineage_of
from assets.snapshot import InputImage, Origin
from assets.types import UseKind
from tests.assets.builders import make_image, make_template
from tests.assets.snapshots import make_snapshot
from tests.builders import access_of

pytestmark = pytest.mark.django_db


def test_a_picture_of_its_own_has_none(world) -> None:
    assert not lineage_of(access_of(world.uma), make_image(world.pets, world.uma))


def test_from_the_template_to_the_latest_use(world) -> None:
    version = make_template(world.lantern, world.ada).versions.get()
    request = uuid4()
    parent = make_image(world.pets, world.uma)
    image = make_image(
        world.pets, world.uma, version=version, parent_id=parent.pk, request_id=request
    )
    sibling = make_image(world.pets, world.uma, request_id=request)
    child = make_image(world.pets, world.rita, parent_id=image.pk)
    use = ImageUse.objects.create(image=image, kind=UseKind.DOWNLOAD, user=world.rita)

    lineage = lineage_of(access_of(world.uma), image)

    assert lineage.version == version
    assert (lineage.parent, lineage.input_image) == (parent, None)
    assert lineage.siblings.images == [sibling]
    assert lineage.children.images == [child]
    assert lineage.uses == [use]


def test_the_picture_it_began_with_is_told_from_the_one_whose_settings_it_has(world) -> None:
    begun_with = make_image(world.pets, world.uma)
    origin = Origin(input_image=InputImage(id=str(begun_with.uid), uploaded=False))
    snapshot = replace(make_snapshot(), origin=origin)
    image = make_image(world.pets, world.uma, snapshot=snapshot, parent_id=begun_with.pk)

    lineage = lineage_of(access_of(world.uma), image)

    assert (lineage.parent, lineage.input_image) == (None, begun_with)


def test_relatives_that_one_may_not_see_or_that_are_in_the_trash_are_left_out(world) -> None:
    image = make_image(world.pets, world.uma)
    make_image(world.products, world.uma, parent_id=image.pk)
    make_image(world.pets, world.uma, parent_id=image.pk, trashed_at=timezone.now())

    assert not lineage_of(access_of(world.paul), image).children
    assert len(lineage_of(access_of(world.uma), image).children.images) == 1


def test_a_large_family_takes_as_many_queries_as_a_small_one(world) -> None:
    image = make_image(world.pets, world.uma)
    children = [make_image(world.pets, world.uma, parent_id=image.pk) for _ in range(3)]
    access = access_of(world.uma)
    with CaptureQueriesContext(connection) as few:
        lineage_of(access, image)
    rows = Image.objects.filter(pk__in=[each.pk for each in children])
    for number in range(MOST_SHOWN):
        copy = rows.first()
        copy.pk, copy.uid, copy.path = None, uuid4(), f"copy-{number}"
        copy.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        children = lineage_of(access, image).children

    assert len(few) == len(many)
    assert len(children.images) == MOST_SHOWN
    assert children.has_more
