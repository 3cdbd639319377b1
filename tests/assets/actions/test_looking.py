"""Looks and pairs, written when an image is archived or later."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.management import call_command
from PIL import Image as Pillow
from PIL import ImageEnhance

from accounts.access import Access
from accounts.errors import NotPermitted
from assets.actions import looking
from assets.actions.looking import describe_older
from assets.looks import look_of
from assets.models import Image, ImageLook, NearDuplicate
from assets.storage import delete_quietly
from assets.types import DuplicateDecision
from tests.assets.builders import make_image
from tests.assets.pictures import painted
from tests.builders import World, access_of

SYSTEM = Access.system("tests")


def pairs() -> list[tuple[int, int]]:
    return list(NearDuplicate.objects.order_by("pk").values_list("first_id", "second_id"))


def as_jpeg(picture: Pillow.Image) -> Pillow.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return Pillow.open(file).convert("RGB")


def test_an_archived_picture_is_described(world: World) -> None:
    image = make_image(world.pets, world.uma, picture=painted(1))
    expected = look_of(painted(1))
    look = image.look
    assert (look.project, look.phash, look.pixels_sha256) == (
        world.pets,
        expected.phash,
        expected.pixels_sha256,
    )
    assert (look.band_0, look.band_1, look.band_2, look.band_3) == expected.bands
    assert (bytes(look.colours), look.colour_bin) == (expected.colours, expected.colour_bin)
    assert len(base64.b64decode(image.placeholder)) == 36


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture.copy(),
        lambda picture: picture.resize((144, 96)),
        as_jpeg,
        lambda picture: ImageEnhance.Brightness(picture).enhance(1.04),
    ],
    ids=["the same", "smaller", "packed harder", "brighter"],
)
def test_a_near_duplicate_makes_a_pair(world: World, change: object) -> None:
    picture = painted(5, (192, 128))
    first = make_image(world.pets, world.uma, picture=picture)
    make_image(world.pets, world.uma, picture=painted(6, (192, 128)))
    second = make_image(world.pets, world.rita, picture=change(picture))
    assert pairs() == [(first.pk, second.pk)]
    pair = NearDuplicate.objects.get()
    assert pair.decision == DuplicateDecision.OPEN
    assert pair.project == world.pets
    assert pair.distance <= looking.MOST_BITS


def test_what_only_shares_some_of_the_look_makes_no_pair(world: World) -> None:
    picture = painted(7, (192, 128))
    make_image(world.pets, world.uma, picture=picture)
    other_colours = Pillow.merge("RGB", picture.split()[::-1])
    make_image(world.pets, world.uma, picture=other_colours)
    make_image(world.pets, world.uma, picture=picture.resize((128, 192)))
    make_image(world.products, world.uma, picture=picture)
    trashed = make_image(world.harbour_project, world.mallory, picture=picture)
    assert pairs() == []
    Image.objects.filter(pk=trashed.pk).update(trashed_at=trashed.archived_at)
    make_image(world.harbour_project, world.mallory, picture=picture)
    assert pairs() == []


def test_an_image_is_paired_with_the_nearest_few(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PAIRS_OF_AN_IMAGE", 2)
    several = [make_image(world.pets, world.uma, picture=painted(8)) for _ in range(4)]
    first, second, third, fourth = (image.pk for image in several)
    assert pairs() == [
        (first, second),
        (second, third),
        (first, third),
        (third, fourth),
        (second, fourth),
    ]


def test_older_images_are_described_later_and_files_that_are_gone_are_passed_over(
    world: World,
) -> None:
    images = [make_image(world.pets, world.uma, picture=painted(9)) for _ in range(3)]
    ImageLook.objects.all().delete()
    NearDuplicate.objects.all().delete()
    Image.objects.update(placeholder="")
    delete_quietly(images[1].path)
    reached = describe_older(access=SYSTEM, after=0, most=2)
    assert reached == images[1].pk
    assert ImageLook.objects.count() == 1
    call_command("describe_looks", after=reached, verbosity=0)
    assert set(ImageLook.objects.values_list("pk", flat=True)) == {images[0].pk, images[2].pk}
    assert pairs() == [(images[0].pk, images[2].pk)]
    images[2].refresh_from_db()
    assert images[2].placeholder == look_of(painted(9)).placeholder
    assert describe_older(access=SYSTEM, after=images[2].pk, most=2) is None


def test_only_the_site_describes_older_images(world: World) -> None:
    with pytest.raises(NotPermitted):
        describe_older(access=access_of(world.ada), after=0, most=1)
