from __future__ import annotations

import pytest
from django.db import connection

from accounts.access import Access
from accounts.errors import NotPermitted
from assets.actions.indexing import index_images
from assets.actions.rebuilding import (
    compare_index,
    count_again,
    index_again,
    index_missing,
    repair_table,
    tidy_table,
)
from assets.models import Image, SearchDocument, SearchValue, SearchWord
from assets.queries.index_sql import is_sqlite
from assets.queries.searching import page_of, prepare
from assets.search.language import parse
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.many import make_rows
from tests.builders import access_of

SYSTEM = Access.system("tests")


def found(world, query, project=None):
    ready = prepare(access_of(world.uma), (project or world.pets).pk, parse(query).query)
    return [place.id for place in page_of(ready, size=99)]


def uses(world, field, project=None):
    rows = SearchValue.objects.filter(project=project or world.pets, field=field, uses__gt=0)
    return dict(rows.values_list("label", "uses"))


def findings():
    return list(compare_index(access=SYSTEM))[-1]


def test_an_archived_picture_is_found_at_once(world):
    image = make_image(world.pets, world.uma)

    assert found(world, "金毛犬") == [image.pk]


def test_a_decision_is_found_at_once(world):
    image = make_pending(world.pets, world.uma)
    assert found(world, "status:pending") == [image.pk]

    decide(image, world.rita)

    assert found(world, "status:approved has:name") == [image.pk]
    assert found(world, "status:pending") == []
    assert uses(world, "status") == {"approved": 1}


def test_the_parent_of_a_picture_is_found_to_have_children(world):
    parent = make_image(world.pets, world.uma)
    child = make_image(world.pets, world.uma, parent=parent)
    index_images(image_ids=[parent.pk])

    assert found(world, "has:children") == [parent.pk]
    assert found(world, "has:parent -has:children") == [child.pk]


def test_an_image_that_is_deleted_leaves_the_index(world):
    image = make_image(world.pets, world.uma)

    image.delete()

    assert found(world, "金毛犬") == []
    assert not SearchDocument.objects.exists()


def test_what_moves_is_counted_where_it_is(world):
    first, second = make_rows(world.pets, world.uma, ["one", "two"])
    assert uses(world, "model") == {"Z-Image-Turbo": 2}

    Image.objects.filter(pk=first.pk).update(project=world.products)
    Image.objects.filter(pk=second.pk).update(trashed_at=second.created_at)
    index_images(image_ids=[first.pk, second.pk])

    assert uses(world, "model") == {}
    assert uses(world, "model", world.products) == {"Z-Image-Turbo": 1}
    assert found(world, "") == []
    assert found(world, "one", world.products) == [first.pk]
    assert findings().is_right


def test_indexing_twice_changes_nothing(world):
    images = make_rows(world.pets, world.uma, ["one", "two"])
    before = list(SearchDocument.objects.values_list()), list(SearchValue.objects.values_list())

    index_images(image_ids=[image.pk for image in images])

    assert list(SearchDocument.objects.values_list()) == before[0]
    assert list(SearchValue.objects.values_list()) == before[1]


def test_the_number_of_queries_does_not_depend_on_the_number_of_images(
    world, django_assert_num_queries
):
    images = make_rows(world.pets, world.uma, [f"picture {each}" for each in range(9)])

    for some in (images[:1], images):
        with django_assert_num_queries(5):  # images, about them, stored, documents, words
            index_images(image_ids=[image.pk for image in some])


@pytest.mark.parametrize(
    "prompt",
    ["", "!?", "\x00\ud800".encode("utf-8", "replace").decode(), "x" * 4000, "猫" * 40_000],
)
def test_any_text_can_be_indexed(world, prompt):
    (image,) = make_rows(world.pets, world.uma, [prompt.replace("\0", "")])

    assert SearchDocument.objects.filter(pk=image.pk).exists()
    assert findings().is_right


def test_long_words_are_told_apart_beyond_what_is_filed(world):
    long = "ab" * 40
    first, _second = make_rows(world.pets, world.uma, [long + "x", long + "y"])

    assert found(world, long + "x") == [first.pk]
    assert found(world, f'"{long}x"') == [first.pk]
    assert found(world, f'"{long}"') == []


def test_a_missing_document_is_told_and_made(world):
    first, second = make_rows(world.pets, world.uma, ["one", "two"])
    SearchDocument.objects.filter(pk=first.pk).delete()
    SearchValue.objects.all().delete()
    index_images(image_ids=[second.pk])

    assert findings().missing == [first.pk]
    assert [progress.done for progress in index_missing(access=SYSTEM)] == [1]
    count_again(access=SYSTEM)

    assert found(world, "one") == [first.pk]
    assert findings().is_right
    assert list(index_missing(access=SYSTEM)) == []


def test_a_stale_document_is_told_and_made_anew(world):
    first, second = make_rows(world.pets, world.uma, ["one", "two"])
    Image.objects.filter(pk=second.pk).update(prompt="three", model_name="Other")

    assert findings().stale == [second.pk]
    assert [each.last_id for each in index_again(access=SYSTEM, after=first.pk)] == [second.pk]

    assert found(world, "three") == [second.pk]
    assert found(world, "two") == []
    assert findings().is_right


def test_wrong_counts_are_told_and_counted_again(world):
    make_rows(world.pets, world.uma, ["one", "two"])
    SearchValue.objects.filter(field="model").update(uses=9)
    SearchValue.objects.filter(field="status").delete()

    assert findings().miscounted == 2
    assert count_again(access=SYSTEM) == 2

    assert uses(world, "model") == {"Z-Image-Turbo": 2}
    assert findings().is_right


def test_a_full_text_table_that_differs_is_told_and_made_anew(world):
    if not is_sqlite():
        pytest.skip("PostgreSQL keeps its index itself")
    (image,) = make_rows(world.pets, world.uma, ["one"])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assets_searchindex(assets_searchindex, rowid, tokens)"
            " SELECT 'delete', image_id, tokens FROM assets_searchdocument"
        )

    assert findings().is_damaged
    assert repair_table(access=SYSTEM)

    assert found(world, "one") == [image.pk]
    assert findings().is_right
    assert not repair_table(access=SYSTEM)


def test_only_processes_of_the_site_rebuild_and_verify(world):
    for call in (index_missing, index_again, compare_index):
        with pytest.raises(NotPermitted):
            list(call(access=access_of(world.ada)))
    for call in (count_again, repair_table):
        with pytest.raises(NotPermitted):
            call(access=access_of(world.ada))


def test_words_are_kept_to_complete_their_beginnings(world):
    make_rows(world.pets, world.uma, ["panda pandas pan 熊猫 8k"])

    assert set(SearchWord.objects.values_list("word", flat=True)) == {"panda", "pandas"}


def test_the_pieces_of_the_full_text_table_are_merged(world):
    if not is_sqlite():
        pytest.skip("PostgreSQL keeps its index itself")
    for number in range(12):
        make_rows(world.pets, world.uma, [f"picture {number}"])

    assert not tidy_table(access=SYSTEM, most=1)
    assert tidy_table(access=SYSTEM)
    assert tidy_table(access=SYSTEM, most=1)

    assert len(found(world, "picture")) == 12
    assert findings().is_right
