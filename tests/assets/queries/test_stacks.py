"""Stacks: one request, one tile."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assets.models import Image
from assets.queries.searching import Place
from assets.queries.stacks import paging_of_stacks, sizes_of, stack_of, tops
from assets.queries.timeline import first_part, part_before
from tests.assets.builders import hang_many
from tests.builders import access_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def hung(world):
    """Four requests of three pictures each, and two pictures of none, the newest."""
    hang_many(world.pets, world.uma, 12, per_request=3)
    hang_many(world.pets, world.uma, 2)
    return list(Image.objects.filter(project=world.pets).order_by("-id"))


def shown(world, person=None):
    access = access_of(person or world.rita)
    return [row["id"] for row in first_part(access, paging_of_stacks(access, world.pets.pk)).rows]


def test_each_request_is_its_newest_picture_and_the_others_stand_alone(world, hung):
    assert shown(world) == [hung[at].pk for at in (0, 1, 2, 5, 8, 11)]
    assert shown(world, world.mallory) == []


def test_a_picture_in_the_trash_or_moved_away_is_no_tile_and_hides_none(world, hung):
    Image.objects.filter(pk=hung[2].pk).update(trashed_at=timezone.now())
    Image.objects.filter(pk=hung[5].pk).update(project=world.products)

    assert shown(world) == [hung[at].pk for at in (0, 1, 3, 6, 8, 11)]


def test_a_stack_counts_and_shows_what_hangs_in_this_gallery(world, hung):
    access, request = access_of(world.rita), hung[2].request_id
    Image.objects.filter(pk=hung[3].pk).update(trashed_at=timezone.now())

    sizes = sizes_of(access, world.pets.pk, {request, hung[5].request_id})
    under = stack_of(access, world.pets.pk, request)

    assert sizes == {request: 2, hung[5].request_id: 3}
    assert [row["id"] for row in under.rows] == [hung[4].pk]
    assert sizes_of(access_of(world.mallory), world.pets.pk, {request}) == {}
    assert stack_of(access_of(world.mallory), world.pets.pk, request).rows == []


def test_stacks_continue_in_both_directions(world, hung):
    access = access_of(world.rita)
    pages = paging_of_stacks(access, world.pets.pk)

    first = first_part(access, pages, size=3)
    before = part_before(access, pages, Place(hung[8].pk), size=2)

    assert first.after == Place(hung[2].pk)
    assert [row["id"] for row in before.rows] == [hung[2].pk, hung[5].pk]


def test_a_page_of_stacks_steps_through_indexes_only(world, hung):
    images = Image.objects.in_gallery().filter(project=world.pets)
    wanted = tops(images).order_by("-id").values_list("id", flat=True)[:60]

    if connection.vendor == "postgresql":
        # A table of a few rows is not worth an index to a planner; it knows more after ANALYZE.
        hang_many(world.pets, world.uma, 800, per_request=4)
        hang_many(world.products, world.uma, 3000, per_request=4)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE assets_image")
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = wanted.explain()

    assert "gallery_newest_first" in plan
    assert "images_of_a_request" in plan
    assert "SCAN assets_image" not in plan
    assert "Seq Scan" not in plan


def test_a_page_of_stacks_costs_two_queries(world, hung):
    access = access_of(world.rita)
    with CaptureQueriesContext(connection) as few:
        first_part(access, paging_of_stacks(access, world.pets.pk), size=2)
    with CaptureQueriesContext(connection) as many:
        first_part(access, paging_of_stacks(access, world.pets.pk), size=60)

    assert len(few) == len(many) == 2
