import pytest

from assets.types import ReviewStatus
from tests.assets.builders import make_image


def address(project, name):
    return f"/projects/{project.pk}/search/{name}/"


def text(response):
    return response.content.decode()


@pytest.fixture
def suggested(world, client_for):
    """What is suggested to uma for a text, at its end."""
    client = client_for(world.uma)

    def suggested(written, at=""):
        answer = client.get(address(world.pets, "suggestions"), {"q": written, "at": at})
        assert answer.status_code == 200
        return answer.json()

    return suggested


def labels(answer):
    return [item["label"] for item in answer["items"]]


def test_an_empty_field_suggests_what_can_be_asked_about(suggested):
    assert labels(suggested(""))[:4] == ["by:", "status:", "model:", "tag:"]


def test_names_of_fields_are_completed_in_both_languages(suggested):
    assert labels(suggested("cat ste"))[0] == "steps:"
    assert labels(suggested("步"))[0] == "steps:"


def test_values_of_a_list_are_completed(suggested):
    answer = suggested("cat status:ap")

    assert answer["items"] == [
        {"insert": "approved", "label": "approved", "hint": "Approved", "count": "", "done": True}
    ]
    assert (answer["start"], answer["end"]) == (11, 13)
    assert answer["unfinished"]
    assert not suggested("cat status:approved")["unfinished"]


def test_values_are_suggested_by_how_often_they_occur(world, suggested):
    make_image(world.pets, world.uma, model="Z-Image-Base")
    for _ in range(2):
        make_image(world.pets, world.uma, model="Z-Image-Turbo")
    make_image(world.products, world.uma, model="Z-Image-Secret")

    answer = suggested("model:z-")

    assert [(item["insert"], item["count"]) for item in answer["items"]] == [
        ("Z-Image-Turbo", "2"),
        ("Z-Image-Base", "1"),
    ]


def test_a_word_suggests_conditions_that_begin_so(world, suggested):
    world.paul.name = "Paul Wu"
    world.paul.save()
    make_image(world.pets, world.paul)

    assert 'by:"Paul Wu"' in labels(suggested("wu"))
    assert "is:starred" in labels(suggested("starr"))


def test_people_are_suggested_by_name(world, suggested):
    make_image(world.pets, world.paul)

    assert labels(suggested("by:")) == ["me", "Paul"]
    assert labels(suggested("by:pa")) == ["Paul"]


def test_what_is_typed_by_hand_is_shown_by_example(suggested):
    assert labels(suggested("steps:")) == [">=8"]
    assert labels(suggested("steps:1")) == []


@pytest.mark.parametrize("at", ["", "-1", "999999999", "x", "٣"])
def test_any_place_can_be_asked_for(suggested, at):
    assert suggested('"\x00 tag:', at)["items"] == []


def test_facets_count_what_is_found_and_lead_to_less(world, client_for):
    make_image(world.pets, world.uma, prompt="cat")
    make_image(world.pets, world.paul, prompt="cat")
    make_image(world.pets, world.paul, prompt="dog", model="Z-Image-Base")

    response = client_for(world.uma).get(address(world.pets, "facets"), {"q": "cat"})

    facets = {facet.title: facet.values for facet in response.context["facets"]}
    assert {(value.label, value.count) for value in facets["Made by"]} == {
        ("Uma", "1"),
        ("Paul", "1"),
    }
    assert [value.label for value in facets["Model"]] == ["Z-Image-Turbo"]
    assert f'href="/projects/{world.pets.pk}/?q=cat+model%3AZ-Image-Turbo"' in text(response)


def test_a_second_choice_of_a_facet_means_or_and_a_chosen_one_goes(world, client_for):
    make_image(world.pets, world.uma)
    make_image(world.pets, world.paul)

    query = {"q": "by:Uma,Paul -status:approved"}
    response = client_for(world.uma).get(address(world.pets, "facets"), query)

    (made_by,) = [facet for facet in response.context["facets"] if facet.title == "Made by"]
    uma = next(value for value in made_by.values if value.label == "Uma")
    assert uma.current
    assert uma.url.endswith("?q=-status%3Aapproved+by%3APaul")


def test_help_teaches_by_examples_that_can_be_tried(world, client_for):
    client = client_for(world.uma)

    page = text(client.get(address(world.pets, "help")))
    part = text(client.get(address(world.pets, "help"), headers={"HX-Request": "true"}))

    assert "<html" in page
    assert "<html" not in part
    for each in (page, part):
        assert f'href="/projects/{world.pets.pk}/?q=status%3Aapproved%2Cpending"' in each
        assert "vram-tier:24gb" in each


@pytest.mark.parametrize("name", ["suggestions", "facets", "help"])
def test_strangers_get_nothing_and_the_anonymous_sign_in(world, client_for, client, name):
    assert client_for(world.mallory).get(address(world.pets, name)).status_code == 404
    assert client_for(world.paul).get(address(world.products, name)).status_code == 404
    assert client.get(address(world.pets, name)).status_code == 302


def test_a_search_that_finds_nothing_names_what_stands_in_its_way(world, client_for):
    make_image(world.pets, world.uma, prompt="cat")

    query = {"q": "cat status:approved"}
    response = client_for(world.uma).get(f"/projects/{world.pets.pk}/", query)

    (way,) = response.context["ways_out"]
    assert (way.label, way.url, way.count) == (
        "Status: Approved",
        f"/projects/{world.pets.pk}/?q=cat",
        "1",
    )
    assert way.label in text(response)


def test_the_suggestions_cost_the_same_however_many_values(
    world, client_for, django_assert_max_num_queries
):
    for number in range(5):
        make_image(world.pets, world.uma, model=f"m{number}", review_status=ReviewStatus.DRAFT)
    client = client_for(world.uma)
    client.get(address(world.pets, "suggestions"))

    with django_assert_max_num_queries(7):
        client.get(address(world.pets, "suggestions"), {"q": "model:"})
