"""What stands out: the right pictures, read from the beginning of an index."""

from __future__ import annotations

import pytest
from django.db import connection

from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection
from assets.actions.marking import rate_images, star_images
from assets.models import CollectionItem, Image, ImageMark
from assets.queries import collections, highlights, marks
from tests.assets.builders import make_image
from tests.builders import access_of


def test_the_best_the_most_reused_and_the_starred_come_in_their_order(world):
    first, second, third = (make_image(world.pets, world.uma) for _ in range(3))
    elsewhere = make_image(world.products, world.rita, reuse_count=9)
    access = access_of(world.uma)
    for image, rating in ((first, 3), (third, 5)):
        rate_images(access=access, project=world.pets, images=[image], rating=rating)
    star_images(access=access, project=world.pets, images=[first, second], starred=True)
    for image, count in ((second, 2), (third, 7)):
        Image.objects.filter(pk=image.pk).update(reuse_count=count)

    assert list(highlights.best_in(access, world.pets.pk)) == [third, first]
    assert list(highlights.most_reused_in(access, world.pets.pk)) == [third, second]
    assert list(highlights.mine_most_reused(access)) == [third, second]
    assert list(highlights.most_reused_in(access, world.products.pk)) == [elsewhere]
    assert marks.starred_by(access, project_id=world.pets.pk) == [second, first]
    assert marks.starred_by(access_of(world.rita)) == []
    assert list(highlights.mine(access_of(world.mallory))) == []


def test_what_lies_in_the_trash_stands_out_nowhere(world):
    image = make_image(world.pets, world.uma, reuse_count=3)
    access = access_of(world.uma)
    rate_images(access=access, project=world.pets, images=[image], rating=5)
    star_images(access=access, project=world.pets, images=[image], starred=True)
    Image.objects.filter(pk=image.pk).update(trashed_at=image.created_at)

    assert list(highlights.best_in(access, world.pets.pk)) == []
    assert list(highlights.most_reused_in(access, world.pets.pk)) == []
    assert list(highlights.mine_most_reused(access)) == []
    assert marks.starred_by(access) == []


@pytest.fixture
def many(world):
    """Enough rows for a planner to prefer an index; they point at one file's facts."""
    image = make_image(world.pets, world.uma)
    collection = create_collection(access=access_of(world.uma), project=world.pets, name="all")
    collect_images(access=access_of(world.uma), collection=collection, images=[image])
    rows = []
    places = [world.pets.pk, world.products.pk, world.harbour_project.pk]
    for number in range(1500):
        copy = Image.objects.get(pk=image.pk) if not rows else rows[0]
        values = {
            field.attname: getattr(copy, field.attname)
            for field in Image._meta.concrete_fields
            if field.name not in {"id", "uid", "path", "archive_name"}
        }
        values["rating"] = number % 5 + 1 if number % 2 else None
        values["reuse_count"] = number % 7
        values["project_id"] = places[number % 3]
        rows.append(Image(path=f"copies/{number}.png", **values))
    Image.objects.bulk_create(rows)
    ids = list(Image.objects.filter(project=world.pets).values_list("pk", flat=True))
    ImageMark.objects.bulk_create(
        [ImageMark(image_id=pk, user=world.uma, is_starred=pk % 2 == 0, rating=3) for pk in ids]
    )
    CollectionItem.objects.bulk_create(
        [
            CollectionItem(
                collection=collection, image_id=pk, position=pk * 1024, added_by=world.uma
            )
            for pk in ids
            if pk != image.pk
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return collection


def test_each_is_a_walk_along_an_index_that_sorts_nothing(world, many):
    access = access_of(world.uma)
    project_id = world.pets.pk
    place = collections.part_of(access, many, size=1).after
    plans = {
        "gallery_by_rating": highlights.best_in(access, project_id)[:10],
        "gallery_by_reuse": highlights.most_reused_in(access, project_id)[:10],
        "reused_of_a_person": highlights.mine_most_reused(access)[:10],
        "gallery_newest_first": highlights.newest_in(access, project_id)[:10],
        "stars_of_a_person": ImageMark.objects.visible_to(access)
        .filter(user_id=access.user_id, is_starred=True, image__trashed_at__isnull=True)
        .order_by("-image")[:10],
        "collection_places": CollectionItem.objects.visible_to(access)
        .filter(collection=many, image__trashed_at__isnull=True, position__gte=place.position)
        .order_by("position", "pk")
        .values_list("image_id")[:10],
    }

    for index, queryset in plans.items():
        plan = queryset.explain()
        # PostgreSQL may read another index of the same beginning, but never the whole table.
        if connection.vendor == "sqlite":
            assert index in plan, plan
            assert "SCAN" not in plan, plan
            assert "TEMP B-TREE" not in plan or index == "gallery_newest_first", plan
        else:
            assert "Seq Scan on assets_image " not in plan, (index, plan)
            assert "Seq Scan on assets_imagemark" not in plan, (index, plan)
            assert "Seq Scan on assets_collectionitem" not in plan, (index, plan)
