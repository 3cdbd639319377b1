"""Images like one image, found through indexes."""

from __future__ import annotations

import pytest
from django.db import connection
from PIL import Image as Pillow
from PIL import ImageEnhance

from accounts.errors import NotVisible
from assets.actions.trashing import trash_image
from assets.models import Image, ImageLook
from assets.queries import similar
from assets.queries.looks import sharing_a_band, sharing_colours
from assets.queries.similar import Near, similar_to
from tests.assets.builders import hang_many, make_image
from tests.assets.pictures import painted
from tests.builders import World, access_of


def test_the_nearest_by_colours_and_structure_come_first(world: World) -> None:
    picture = painted(1)
    asked = make_image(world.pets, world.uma, picture=picture)
    make_image(world.pets, world.uma, picture=Pillow.new("RGB", (96, 64), (3, 200, 90)))
    mirrored = make_image(
        world.pets, world.uma, picture=picture.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
    )
    hardly = make_image(
        world.pets, world.uma, picture=ImageEnhance.Brightness(picture).enhance(0.97)
    )
    make_image(world.products, world.uma, picture=picture)
    assert similar_to(access_of(world.uma), asked)[:2] == [hardly, mirrored]


def test_the_trash_and_strangers_are_left_out(world: World) -> None:
    asked, other = (make_image(world.pets, world.uma, picture=painted(1)) for _ in range(2))
    assert similar_to(access_of(world.uma), asked) == [other]
    assert similar_to(access_of(world.mallory), asked) == []
    trash_image(access=access_of(world.uma), image=other)
    assert similar_to(access_of(world.uma), asked) == []


def test_an_image_without_a_look_has_nothing_similar(world: World) -> None:
    asked, _other = (make_image(world.pets, world.uma, picture=painted(1)) for _ in range(2))
    asked.look.delete()
    assert similar_to(access_of(world.uma), asked) == []


def test_another_idea_of_what_is_similar_can_be_plugged_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [make_image(world.pets, world.uma, picture=painted(number)) for number in range(3)]
    monkeypatch.setattr(similar, "_FINDERS", dict(similar.finders()))

    class Backwards:
        name = "backwards"
        label = "Backwards"

        def near(self, access, image, *, most):
            return [Near(each.pk, 0.0) for each in reversed(images) if each != image][:most]

    similar.register(Backwards())
    found = similar_to(access_of(world.uma), images[1], finder="backwards")
    assert found == [images[2], images[0]]
    with pytest.raises(NotVisible):
        similar_to(access_of(world.uma), images[1], finder="magic")


def plan_of(queryset) -> str:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A handful of rows is read whole, whatever indexes there are.
            cursor.execute("SET LOCAL enable_seqscan = off")
    return str(queryset.explain())


def _fill(world: World) -> None:
    """As many looks as make an index worth a planner's while; it knows after ANALYZE."""
    hang_many(world.pets, world.uma, 2000)
    ImageLook.objects.bulk_create(
        ImageLook(
            image=image,
            project=world.pets,
            phash=image.pk * 2_654_435_761,
            **{f"band_{band}": image.pk * (7919 + band) % 65_536 for band in range(4)},
            colour_bin=image.pk % 64,
            pixels_sha256=image.sha256,
        )
        for image in Image.objects.filter(look__isnull=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assets_imagelook")
        cursor.execute("ANALYZE assets_image")


def test_candidates_come_from_indexes_and_nothing_is_scanned(world: World) -> None:
    asked = make_image(world.pets, world.uma, picture=painted(1))
    if connection.vendor == "postgresql":
        _fill(world)
    for number, queryset in enumerate(sharing_a_band(asked.look)):
        plan = plan_of(queryset)
        assert f"look_band_{number}" in plan, plan
    for queryset in sharing_colours(asked.look):
        plan = plan_of(queryset)
        assert "look_colour" in plan, plan
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan


def test_similar_images_take_a_constant_number_of_queries(
    world: World, django_assert_num_queries
) -> None:
    images = [make_image(world.pets, world.uma, picture=painted(1)) for _ in range(4)]
    access = access_of(world.uma)
    with django_assert_num_queries(9):
        assert len(similar_to(access, images[0])) == 3
