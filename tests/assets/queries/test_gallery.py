import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from assets.models import Image
from assets.queries.gallery import GallerySearch
from assets.search.language import parse
from assets.types import ReviewStatus
from tests.assets.builders import make_image
from tests.builders import access_of


def prompts(page):
    return [image.prompt for image in page.images]


@pytest.fixture
def pictures(world):
    """Five pictures of the pets project, oldest first, and one of another project."""
    make_image(world.pets, world.uma, prompt="一只金毛犬，坐在草地上")
    make_image(world.pets, world.paul, prompt="A Golden retriever on grass")
    make_image(world.pets, world.uma, prompt="a cat on grass", model="Z-Image-Base")
    make_image(world.pets, world.uma, prompt="pandas", review_status=ReviewStatus.REJECTED)
    make_image(world.pets, world.uma, prompt="100% grass_land")
    make_image(world.products, world.uma, prompt="grass in the other project")


def found(world, query, person=None):
    search = GallerySearch.from_query(QueryDict(query))
    return prompts(search.page(access_of(person or world.rita), world.pets.pk))


def test_the_newest_picture_comes_first(world, pictures):
    assert found(world, "") == [
        "100% grass_land",
        "pandas",
        "a cat on grass",
        "A Golden retriever on grass",
        "一只金毛犬，坐在草地上",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=金毛+-GOLDEN", ["一只金毛犬，坐在草地上"]),
        ("q=-status:rejected+-grass", ["一只金毛犬，坐在草地上"]),
        ("q=cat&status=draft", ["a cat on grass"]),
        ("text=GOLDEN", ["A Golden retriever on grass"]),
        ("text=金毛", ["一只金毛犬，坐在草地上"]),
        ("text=grass+cat", ["a cat on grass"]),
        ("text=%25+grass_land", ["100% grass_land"]),
        ("text=_land", ["100% grass_land"]),
        ("status=rejected", ["pandas"]),
        ("model=Z-Image-Base", ["a cat on grass"]),
        ("model=Z-Image-Base&text=panda", []),
        ("model=no+such+model", []),
        ("person=999999", []),
        (f"person={2**63 - 1}", []),
    ],
)
def test_filters_narrow_together(world, pictures, query, expected):
    assert found(world, query) == expected


def test_pictures_of_one_person(world, pictures):
    assert found(world, f"person={world.paul.pk}") == ["A Golden retriever on grass"]


def test_a_stranger_finds_nothing(world, pictures):
    assert found(world, "", person=world.mallory) == []


def test_pages_stay_right_while_pictures_arrive_and_go(world):
    access = access_of(world.uma)
    images = [make_image(world.pets, world.uma, prompt=str(number)) for number in range(5)]

    first = GallerySearch().page(access, world.pets.pk, size=2)
    make_image(world.pets, world.uma, prompt="new")
    Image.objects.filter(pk=images[3].pk).delete()
    second = GallerySearch(cursor=first.cursor).page(access, world.pets.pk, size=2)
    third = GallerySearch(cursor=second.cursor).page(access, world.pets.pk, size=2)

    assert [prompts(page) for page in (first, second, third)] == [["4", "3"], ["2", "1"], ["0"]]
    assert third.cursor is None


def test_a_page_that_is_exactly_full_is_the_last(world):
    for _ in range(2):
        make_image(world.pets, world.uma)

    assert GallerySearch().page(access_of(world.uma), world.pets.pk, size=2).cursor is None


def test_neighbours_are_of_the_same_search(world, pictures):
    access = access_of(world.uma)
    cat = Image.objects.get(prompt="a cat on grass")

    newer, older = GallerySearch(asked=parse("grass").query).neighbours(access, cat)
    first, last = GallerySearch(asked=parse("model:Z-Image-Base").query).neighbours(access, cat)

    assert (newer.prompt, older.prompt) == ("100% grass_land", "A Golden retriever on grass")
    assert (first, last) == (None, None)


def test_a_page_costs_the_same_however_many_pictures(
    world, pictures, django_assert_max_num_queries
):
    access = access_of(world.uma)

    with django_assert_max_num_queries(3):  # words that begin so, ids, images
        page = GallerySearch(asked=parse("grass").query).page(access, world.pets.pk)
        assert [image.created_by.name for image in page.images]


@pytest.mark.parametrize(
    "query",
    ["q=stauts:draft", "status=banana", "cursor=next", "cursor=" + "9" * 400, "q=" + "x" * 1001],
)
def test_nonsense_is_reported_and_left_out(query):
    search = GallerySearch.from_query(QueryDict(query))

    assert len(search.mistakes) == 1
    assert search.asked.conditions == ()
    assert search.cursor is None


@given(
    st.dictionaries(
        st.sampled_from(["q", "text", "status", "person", "model", "cursor"]),
        st.text() | st.integers().map(str),
    )
)
def test_every_query_string_is_understood_or_reported(params):
    search = GallerySearch.from_query(params)

    assert GallerySearch.from_query(QueryDict(search.query(cursor=search.cursor))) == search


def test_nul_characters_do_not_reach_the_database(world, pictures):
    assert found(world, "text=%00cat&model=%00") == ["a cat on grass"]


def test_addresses_from_before_the_language_are_understood():
    search = GallerySearch.from_query(QueryDict("text=cat&status=approved&person=3&model=Z+1"))

    assert search.text == str(search.asked) == 'cat status:approved by:#3 model:"Z 1"'
    assert search.is_filtered
    assert not GallerySearch(cursor=3).is_filtered


def test_the_text_stays_as_it_was_typed():
    assert GallerySearch.from_query(QueryDict("q=+状态：草稿 foo:1")).text == " 状态：草稿 foo:1"
