"""Parts of the wall in both directions, places, days."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from assets.actions.tallying import count_arrived, count_left
from assets.models import Image, ImageMark
from assets.queries.gallery import GallerySearch
from assets.queries.searching import Place
from assets.queries.timeline import (
    arrived_since,
    card_rows,
    count_found,
    days_of,
    first_part,
    newest_uid,
    paging,
    part_after,
    part_around,
    part_before,
    place_of_day,
    place_of_image,
)
from tests.assets.builders import hang_many, make_image
from tests.builders import access_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hung(world):
    """Ten pictures of two days, the newest last; the organization's clock is that of Shanghai."""
    hang_many(
        world.pets,
        world.uma,
        10,
        per_day=5,
        until=dt.datetime(2025, 3, 5, 12, 0, tzinfo=dt.UTC),
    )
    return list(Image.objects.filter(project=world.pets).order_by("-id"))


def search(world, query="", person=None):
    return GallerySearch.from_query({"q": query}).prepared(
        access_of(person or world.rita), world.pets.pk
    )


def prompts(part):
    return [row["prompt"] for row in part.rows]


def test_the_wall_begins_with_the_newest_and_goes_on_in_both_directions(world, hung):
    access, pages = access_of(world.rita), paging(search(world))

    first = first_part(access, pages, size=4)
    second = part_after(access, pages, first.after, size=4)
    third = part_after(access, pages, second.after, size=4)
    back = part_before(access, pages, second.before, size=3)

    assert prompts(first) == ["picture 9", "picture 8", "picture 7", "picture 6"]
    assert prompts(second) == ["picture 5", "picture 4", "picture 3", "picture 2"]
    assert prompts(third) == ["picture 1", "picture 0"]
    assert first.before is None
    assert third.after is None
    assert prompts(back) == ["picture 8", "picture 7", "picture 6"]
    assert back.before == Place(hung[1].pk)


def test_the_part_before_the_first_one_ends_at_the_top(world, hung):
    access, pages = access_of(world.rita), paging(search(world))

    part = part_before(access, pages, Place(hung[2].pk), size=4)

    assert prompts(part) == ["picture 9", "picture 8"]
    assert part.before is None


def test_a_wall_opened_at_a_picture_has_some_before_it_and_goes_on(world, hung):
    access, found = access_of(world.rita), search(world)
    place = place_of_image(access, found, hung[6].uid)

    part = part_around(access, paging(found), place, size=2)

    assert prompts(part) == [f"picture {number}" for number in (9, 8, 7, 6, 5, 4, 3, 2)]
    assert part.before is None
    assert part.after == Place(hung[7].pk)


def test_an_order_by_rating_is_opened_at_a_picture_too(world):
    access = access_of(world.rita)
    images = [make_image(world.pets, world.uma, prompt=f"rated {n}") for n in range(4)]
    for image, rating in zip(images, (3.0, 5.0, None, 4.0), strict=True):
        Image.objects.filter(pk=image.pk).update(rating=rating, rating_count=bool(rating))
    from assets.actions.indexing import index_images  # noqa: PLC0415

    index_images(image_ids=[image.pk for image in images])
    found = search(world, "sort:rating")

    part = part_around(access, paging(found), place_of_image(access, found, images[3].uid), size=2)

    assert prompts(part) == ["rated 1", "rated 3", "rated 0"]
    assert part.after is not None


def test_a_picture_of_another_project_has_no_place_here(world, hung):
    other = make_image(world.products, world.uma)

    assert place_of_image(access_of(world.ada), search(world), other.uid) is None
    assert place_of_image(access_of(world.ada), search(world), uuid4()) is None
    assert place_of_image(access_of(world.mallory), search(world), hung[0].uid) is None


def test_a_day_begins_with_its_newest_picture_by_the_organization_s_clock(world):
    """17:00 in London is after midnight in Shanghai."""
    images = [make_image(world.pets, world.uma) for _ in range(3)]
    for image, (day, hour) in zip(images, ((4, 15), (4, 17), (6, 1)), strict=True):
        moment = dt.datetime(2025, 3, day, hour, tzinfo=dt.UTC)
        Image.objects.filter(pk=image.pk).update(archived_at=moment)
    access = access_of(world.rita)

    def begins(day):
        return place_of_day(access, world.pets, dt.date(2025, 3, day))

    assert begins(4) == Place(images[0].pk)
    assert begins(5) == Place(images[1].pk)
    assert begins(7) == Place(images[2].pk)
    assert begins(1) is None
    assert place_of_day(access, world.pets, dt.date.max) is None
    assert place_of_day(access_of(world.mallory), world.pets, dt.date(2025, 3, 7)) is None


def test_the_days_are_those_of_the_tally(world, hung):
    access = access_of(world.rita)
    days = days_of(access, world.pets.pk)

    assert sum(images for _day, images in days) == 10
    assert days == sorted(days, reverse=True)
    count_left(images=hung)
    assert days_of(access, world.pets.pk) == []
    count_arrived(images=hung)
    assert days_of(access_of(world.mallory), world.pets.pk) == []


def test_the_whole_gallery_is_counted_exactly_and_a_search_up_to_a_limit(world, hung):
    access = access_of(world.rita)
    for _ in range(3):
        make_image(world.pets, world.uma, prompt="a giraffe")

    everything = count_found(access, search(world), limit=2)
    exact = count_found(access, search(world, "giraffe"), limit=3)
    capped = count_found(access, search(world, "giraffe"), limit=2)

    assert (everything.number, everything.capped) == (13, False)
    assert (exact.number, exact.capped) == (3, False)
    assert (capped.number, capped.capped) == (2, True)


def test_what_arrived_after_a_place_is_counted(world, hung):
    found = search(world)

    assert arrived_since(found, Place(hung[3].pk)).number == 3
    assert arrived_since(found, Place(hung[0].pk)).number == 0
    assert newest_uid(access_of(world.rita), found) == hung[0].uid
    assert newest_uid(access_of(world.mallory), found) is None


def test_marks_are_the_reader_s_own(world, hung):
    first, second, third = hung[:3]
    ImageMark.objects.create(image=first, user=world.rita, is_starred=True)
    ImageMark.objects.create(image=second, user=world.rita, rating=4)
    ImageMark.objects.create(image=third, user=world.uma, is_starred=True, rating=1)

    rows = card_rows(access_of(world.rita), [image.pk for image in hung])

    marks = {key: (row["star"], row["own_rating"]) for key, row in rows.items()}
    assert marks[first.pk] == (True, None)
    assert marks[second.pk] == (False, 4)
    assert marks[third.pk] == (None, None)
