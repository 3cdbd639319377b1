"""No search reads a table from beginning to end, on either database."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assets.queries.facets import facet_counts
from assets.queries.gallery import GallerySearch
from assets.queries.index_sql import is_sqlite
from assets.queries.searching import Place, count_of, page_of, prepare
from assets.queries.suggesting import suggest
from assets.search.language import parse
from tests.assets.many import make_rows
from tests.builders import access_of

FIVE = 'status:approved model:"Z-Image-Turbo" steps:>=8 cfg:1..4 date:2025-01..2025-02'
QUERIES = [
    "",
    "panda",
    "pan",
    "p",
    "熊",
    "熊猫",
    "可爱的熊猫",
    '"a red scarf"',
    "panda -cat",
    '-"a red scarf"',
    FIVE,
    f"熊猫 {FIVE}",
    "prompt:panda",
    "negative:blurry",
    "denoise:1.23..4.56",
    "seed:1234567..7654321",
    "is:trashed",
    "sort:rating",
    "sort:rating panda",
    "sort:reused",
    "sort:downloads panda",
    "sort:oldest panda",
    "last:100 panda",
    "by:#1 hash:a1b2c3d4",
]
LARGE = ("assets_image", "assets_searchdocument", "assets_searchvalue", "assets_searchword")


@pytest.fixture
def archive(world):
    """Enough rows to have plans for; PostgreSQL is told that they are many."""
    make_rows(
        world.pets,
        world.uma,
        [f"a panda in a red scarf, 可爱的熊猫 {n}" for n in range(60)],
        rating=4,
    )
    with connection.cursor() as cursor:
        if not is_sqlite():
            cursor.execute("ANALYZE assets_searchdocument")
            cursor.execute("ANALYZE assets_image")
            cursor.execute("SET LOCAL enable_seqscan = off")


def scans(captured):
    """The lines of plans that read a large table, or the index, without looking something up."""
    found = []
    for query in captured.captured_queries:
        sql = query["sql"]
        explain = "EXPLAIN QUERY PLAN" if is_sqlite() else "EXPLAIN"
        with connection.cursor() as cursor:
            cursor.execute(f"{explain} {sql}".replace("%", "%%"), [])
            lines = [str(row[-1]).strip() for row in cursor.fetchall()]
        found += [f"{line} IN {sql[:200]}" for line in lines if is_scan(line)]
    return found


def is_scan(line):
    if not is_sqlite():
        return any(f"Seq Scan on {table}" in line for table in LARGE)
    if "VIRTUAL TABLE" in line:
        # The part behind the colon says what is looked up: M is a match.
        return "M" not in line.rpartition(":")[2]
    words = line.split()
    return words[0] == "SCAN" and words[1] in {*LARGE, "i", "d", "v"} and "USING" not in words


@pytest.mark.parametrize("query", QUERIES)
def test_pages_counts_and_facets_look_everything_up(world, archive, query):
    access = access_of(world.uma)
    asked = parse(query).query
    with CaptureQueriesContext(connection) as captured:
        ready = prepare(access, world.pets.pk, asked)
        for after in (None, Place(30), Place(30, 4)):
            page_of(ready, size=20, after=after)
            page_of(ready, size=20, after=after, backwards=True)
        GallerySearch(asked=asked).page(access, world.pets.pk)
        count_of(ready)
        facet_counts(access, ready)

    assert captured.captured_queries
    assert scans(captured) == []


def test_suggestions_look_everything_up(world, archive):
    access = access_of(world.uma)
    with CaptureQueriesContext(connection) as captured:
        suggest(access, world.pets.pk, ["model", "by", "tag"], "z")

    assert len(captured) == 1
    assert scans(captured) == []


def test_a_page_takes_no_more_than_a_handful_of_queries(
    world, archive, django_assert_max_num_queries
):
    access = access_of(world.uma)
    for query in QUERIES:
        with django_assert_max_num_queries(5):
            GallerySearch(asked=parse(query).query).page(access, world.pets.pk)
