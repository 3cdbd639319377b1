"""Images in collections, and their order."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.roles import SCOPE_PERMISSIONS, Scope
from assets.actions import collecting
from assets.actions.collecting import (
    collect_images,
    move_images_in_collection,
    put_back_images,
    uncollect_images,
)
from assets.actions.collections import create_collection
from assets.models import CollectionItem
from tests.assets.builders import make_image
from tests.builders import access_of
from tests.concurrency import at_once


@pytest.fixture
def autumn(world):
    return create_collection(access=access_of(world.uma), project=world.pets, name="秋天")


def images_in(collection):
    places = CollectionItem.objects.filter(collection=collection).order_by("position", "pk")
    return list(places.values_list("image_id", flat=True))


def collect(world, collection, *images, person=None):
    return collect_images(
        access=access_of(person or world.uma), collection=collection, images=images
    )


def make_images(world, count):
    return [make_image(world.pets, world.uma) for _ in range(count)]


def test_images_come_to_the_end_in_their_order_and_once(world, autumn):
    first, second, third = make_images(world, 3)

    assert collect(world, autumn, second) == {second.pk}
    assert collect(world, autumn, third, second, first, third) == {third.pk, first.pk}

    assert images_in(autumn) == [second.pk, third.pk, first.pk]
    assert AuditEvent.objects.filter(action="assets.collection.filled").count() == 2


def test_collecting_takes_a_constant_number_of_queries(world, autumn, django_assert_num_queries):
    images = make_images(world, 6)
    access = access_of(world.uma)

    for several in (images[:1], images):
        with django_assert_num_queries(15):
            collect_images(access=access, collection=autumn, images=several)


def test_what_is_taken_out_can_be_put_back_where_it_was(world, autumn):
    first, second, third = make_images(world, 3)
    collect(world, autumn, first, second, third)
    access = access_of(world.uma)

    places = uncollect_images(access=access, collection=autumn, images=[first, second])
    assert images_in(autumn) == [third.pk]
    assert put_back_images(access=access, collection=autumn, places=places) == {
        first.pk,
        second.pk,
    }

    assert images_in(autumn) == [first.pk, second.pk, third.pk]


@pytest.mark.parametrize("step", [1024, 2, 1])
def test_images_are_moved_before_another_one_and_to_the_end(world, autumn, monkeypatch, step):
    """With less room between the places it takes the same ways, and others."""
    monkeypatch.setattr(collecting, "STEP", step)
    a, b, c, d = make_images(world, 4)
    collect(world, autumn, a, b, c, d)
    access = access_of(world.uma)

    def order(*images, before=None):
        move_images_in_collection(access=access, collection=autumn, images=images, before=before)
        return images_in(autumn)

    assert order(d, before=b) == [a.pk, d.pk, b.pk, c.pk]
    assert order(c, a, before=d) == [c.pk, a.pk, d.pk, b.pk]
    assert order(c) == [a.pk, d.pk, b.pk, c.pk]
    assert order(b, d, before=c) == [a.pk, b.pk, d.pk, c.pk]
    assert order(c, before=a) == [c.pk, a.pk, b.pk, d.pk]
    for _ in range(12):  # between the same two, until there is no room left
        order(b, before=d)
        assert order(a, before=d) == [c.pk, b.pk, a.pk, d.pk]


def test_moving_what_is_not_there_changes_nothing(world, autumn):
    inside, outside = make_images(world, 2)
    collect(world, autumn, inside)
    access = access_of(world.uma)

    for images, before in (([outside], inside), ([inside], outside), ([inside], inside)):
        with pytest.raises(InvalidTransition):
            move_images_in_collection(
                access=access, collection=autumn, images=images, before=before
            )

    assert images_in(autumn) == [inside.pk]


def test_a_collection_takes_pictures_of_its_own_project_only(world, autumn):
    with pytest.raises(InvalidInput):
        collect(world, autumn, make_image(world.products, world.uma))


def test_strangers_and_tokens_without_the_scope_change_nothing(world, autumn):
    inside, other = make_images(world, 2)
    collect(world, autumn, inside)
    reader = access_of(world.uma).limited_to(SCOPE_PERMISSIONS[Scope.READ])

    for access, refusal in ((access_of(world.mallory), NotVisible), (reader, NotPermitted)):
        options = {"access": access, "collection": autumn}
        with pytest.raises(refusal):
            collect_images(**options, images=[other])
        with pytest.raises(refusal):
            uncollect_images(**options, images=[inside])
        with pytest.raises(refusal):
            put_back_images(**options, places={other.pk: 1})
        with pytest.raises(refusal):
            move_images_in_collection(**options, images=[inside])

    assert images_in(autumn) == [inside.pk]


@pytest.mark.django_db(transaction=True)
def test_two_who_collect_at_once_both_find_a_place_of_their_own(world, autumn):
    images = make_images(world, 3)

    at_once(2, lambda number: collect(world, autumn, images[number], images[2]))

    items = CollectionItem.objects.filter(collection=autumn)
    assert set(images_in(autumn)) == {image.pk for image in images}
    assert len(set(items.values_list("position", flat=True))) == 3
