"""Stars and ratings of single people, and the mean of the ratings."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput, NotVisible
from accounts.models import AuditEvent
from assets.actions.marking import rate_images, star_images
from assets.models import Image, ImageMark
from tests.assets.builders import make_image
from tests.builders import access_of
from tests.concurrency import at_once


def rate(person, project, rating, *images):
    rate_images(access=access_of(person), project=project, images=images, rating=rating)


def star(person, project, starred, *images):
    star_images(access=access_of(person), project=project, images=images, starred=starred)


def rating_of(image):
    return Image.objects.values_list("rating", "rating_count").get(pk=image.pk)


def test_a_star_is_one_persons_and_leaves_no_trace_in_the_trail(world):
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    before = AuditEvent.objects.count()

    star(world.uma, world.pets, True, *images)
    star(world.uma, world.pets, True, images[0])
    star(world.rita, world.pets, True, images[0])
    star(world.uma, world.pets, False, images[1])

    assert set(ImageMark.objects.values_list("user_id", "image_id", "is_starred")) == {
        (world.uma.pk, images[0].pk, True),
        (world.rita.pk, images[0].pk, True),
    }
    assert AuditEvent.objects.count() == before


def test_the_rating_of_an_image_is_the_mean_of_everybodys(world):
    image = make_image(world.pets, world.uma)

    rate(world.uma, world.pets, 5, image)
    assert rating_of(image) == (5, 1)
    rate(world.rita, world.pets, 2, image)
    assert rating_of(image) == (3.5, 2)
    rate(world.uma, world.pets, 4, image)
    assert rating_of(image) == (3, 2)
    rate(world.uma, world.pets, 0, image)
    assert rating_of(image) == (2, 1)
    rate(world.rita, world.pets, 0, image)
    assert rating_of(image) == (None, 0)
    assert not ImageMark.objects.exists()


def test_taking_the_rating_back_keeps_the_star(world):
    image = make_image(world.pets, world.uma)
    star(world.uma, world.pets, True, image)
    rate(world.uma, world.pets, 3, image)

    rate(world.uma, world.pets, 0, image)

    assert ImageMark.objects.values_list("is_starred", "rating").get() == (True, None)


def test_many_images_are_marked_in_a_constant_number_of_queries(world, django_assert_num_queries):
    images = [make_image(world.pets, world.uma) for _ in range(5)]
    access = access_of(world.uma)

    for several in (images[:1], images):
        with django_assert_num_queries(12):
            rate_images(access=access, project=world.pets, images=several, rating=4)
    assert {rating_of(image) for image in images} == {(4, 1)}


@pytest.mark.parametrize("rating", [-1, 6, 100])
def test_other_ratings_are_refused(world, rating):
    image = make_image(world.pets, world.uma)

    with pytest.raises(InvalidInput) as refusal:
        rate(world.uma, world.pets, rating, image)

    assert refusal.value.field == "rating"
    assert not ImageMark.objects.exists()


def test_who_cannot_see_an_image_cannot_mark_it(world):
    image = make_image(world.products, world.uma)

    for person in (world.mallory, world.paul):
        with pytest.raises(NotVisible):
            star(person, world.products, True, image)
        with pytest.raises(NotVisible):
            rate(person, world.products, 5, image)
    with pytest.raises(InvalidInput):  # with the project of his own as a pretext
        rate(world.paul, world.pets, 5, image)

    assert not ImageMark.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ratings_of_several_people_at_one_moment_all_count(world):
    image = make_image(world.pets, world.uma)
    people = [world.uma, world.rita, world.ada, world.paul]

    at_once(4, lambda number: rate(people[number], world.pets, number + 1, image))

    assert rating_of(image) == (2.5, 4)
    at_once(4, lambda number: rate(people[number], world.pets, [5, 0, 5, 0][number], image))
    assert rating_of(image) == (5, 2)
