"""Groups of pictures that look alike."""

from __future__ import annotations

import pytest

from assets.actions.trashing import trash_image
from assets.models import Image, NearDuplicate
from assets.queries import duplicates
from assets.queries.duplicates import groups_of
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.pictures import painted
from tests.builders import World, access_of


def make_alike(world: World, number: int, count: int = 2) -> list[Image]:
    picture = painted(number)
    return [make_image(world.pets, world.uma, picture=picture) for _ in range(count)]


def shown(world: World, **options: int) -> list[list[int]]:
    page = groups_of(access_of(world.uma), world.pets.pk, **options)
    return [[image.pk for image in group.images] for group in page.groups]


def test_pairs_that_share_a_picture_are_one_group_and_the_newest_group_comes_first(
    world: World,
) -> None:
    one = make_alike(world, 1, 3)
    make_image(world.pets, world.uma, picture=painted(3))
    other = make_alike(world, 2)
    assert shown(world) == [[image.pk for image in other], [image.pk for image in one]]


def test_the_best_comes_first_and_is_said_to_be(world: World) -> None:
    make_image(world.pets, world.uma, picture=painted(1))
    approved = decide(make_pending(world.pets, world.uma, picture=painted(1)), world.rita)
    (group,) = groups_of(access_of(world.uma), world.pets.pk).groups
    assert group.best == approved
    assert group.why == "It is approved."


def test_a_picture_in_the_trash_is_no_duplicate(world: World) -> None:
    _first, second = make_alike(world, 1)
    trash_image(access=access_of(world.uma), image=second)
    assert shown(world) == []


def test_pages_show_every_group_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "GROUPS_ON_A_PAGE", 2)
    groups = [make_alike(world, number) for number in range(5)]
    seen, cursor = [], None
    while True:
        page = groups_of(access_of(world.uma), world.pets.pk, cursor=cursor)
        seen += [group.images[0].pk for group in page.groups]
        if page.cursor is None:
            break
        cursor = page.cursor
    assert seen == [group[0].pk for group in reversed(groups)]


def test_a_group_is_whole_even_when_not_all_of_its_pairs_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "PAIRS_AT_ONCE", 1)
    one = make_alike(world, 1, 3)
    assert shown(world) == [[image.pk for image in one]]


def test_strangers_see_none(world: World) -> None:
    make_alike(world, 1)
    page = groups_of(access_of(world.mallory), world.pets.pk)
    assert page.groups == []


def test_a_page_takes_a_constant_number_of_queries(
    world: World, django_assert_max_num_queries
) -> None:
    for number in range(6):
        make_alike(world, number)
    with django_assert_max_num_queries(10):
        assert len(shown(world)) == 6
    assert NearDuplicate.objects.count() == 6
