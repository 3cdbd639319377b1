from __future__ import annotations

import pytest

from assets.actions.indexing import index_images
from assets.models import Image, ImageTag, Tag
from assets.queries import facets
from assets.queries.facets import facet_counts
from assets.queries.searching import page_of, prepare
from assets.queries.suggesting import suggest
from assets.search.language import parse
from tests.assets.many import make_rows
from tests.builders import access_of


@pytest.fixture
def pictures(world):
    """Six of Uma's and two of Paul's; three are tagged, one is approved, one lies in the trash."""
    images = make_rows(world.pets, world.uma, [f"panda {number}" for number in range(6)])
    images += make_rows(
        world.pets, world.paul, ["cat", "panda cat"], model_name="Z-Image-Base", width=512
    )
    tag = Tag.objects.create(project=world.pets, name="Hero", key="hero", created_by=world.uma)
    for image in images[:3]:
        ImageTag.objects.create(image=image, tag=tag, added_by=world.uma)
    Image.objects.filter(pk=images[0].pk).update(review_status="approved", archive_name="a.png")
    Image.objects.filter(pk=images[5].pk).update(trashed_at=images[5].created_at)
    index_images(image_ids=[image.pk for image in images])
    return images


def counts(world, query, person=None):
    access = access_of(person or world.uma)
    return facet_counts(access, prepare(access, world.pets.pk, parse(query).query))


def told(found, field):
    return {each.label: each.count for each in found.fields[field]}


@pytest.mark.parametrize(("query", "pandas"), [("", 5), ("panda", 5)])
def test_counts_of_the_whole_gallery_and_of_a_search(world, pictures, query, pandas):
    found = counts(world, query)
    others = 2 if not query else 1

    assert found.counted == pandas + others
    assert not found.is_capped
    assert told(found, "status") == {"draft": pandas + others - 1, "approved": 1}
    assert told(found, "by") == {"Uma": pandas, "Paul": others}
    assert told(found, "model") == {"Z-Image-Turbo": pandas, "Z-Image-Base": others}
    assert told(found, "size") == {"1024x1024": pandas, "512x1024": others}
    assert told(found, "tag") == {"Hero": 3}


def test_each_value_is_one_that_can_be_asked_for(world, pictures):
    access = access_of(world.uma)
    for field, values in counts(world, "panda").fields.items():
        for each in values:
            asked = parse(f'panda {field}:"{each.value}"').query
            assert len(page_of(prepare(access, world.pets.pk, asked), size=99)) == each.count


def test_counts_over_the_newest_say_that_they_are(world, pictures, monkeypatch):
    monkeypatch.setattr(facets, "COUNT_LIMIT", 2)

    found = counts(world, "panda")

    assert found.is_capped
    assert found.counted == 2


def test_facets_cost_one_query(world, pictures, django_assert_num_queries):
    access = access_of(world.uma)
    for query in ("", "panda"):
        ready = prepare(access, world.pets.pk, parse(query).query)
        with django_assert_num_queries(1):
            facet_counts(access, ready)


def test_strangers_count_nothing(world, pictures):
    assert counts(world, "", world.mallory).counted == 0
    assert told(counts(world, "panda", world.mallory), "model") == {}
    assert suggest(access_of(world.mallory), world.pets.pk, ["model"], "") == []


@pytest.mark.parametrize(
    ("field", "prefix", "expected"),
    [
        ("model", "", [("Z-Image-Turbo", 5), ("Z-Image-Base", 2)]),
        ("model", "base", [("Z-Image-Base", 2)]),
        ("model", "ｂａｓ", [("Z-Image-Base", 2)]),
        ("tag", "her", [("Hero", 3)]),
        ("tag", "%", []),
        ("by", "pa", [("Paul", 2)]),
        ("by", "", [("Uma", 5), ("Paul", 2)]),
        ("steps", "", [("8", 7)]),
        ("seed", "", []),
        ("prompt", "pan", []),
    ],
)
def test_values_are_suggested_by_frequency(world, pictures, field, prefix, expected):
    found = suggest(access_of(world.uma), world.pets.pk, [field], prefix)

    assert [(each.value, each.uses) for each in found] == expected
