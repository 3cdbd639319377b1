import html

import pytest

from assets.queries import timeline
from assets.types import ReviewStatus
from tests.assets.builders import make_image

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages_of_two(monkeypatch):
    for part in (timeline.first_part, timeline.part_after):
        monkeypatch.setattr(part, "__kwdefaults__", {"size": 2})


def url_of(project):
    return f"/projects/{project.pk}/"


def text(response):
    return response.content.decode()


def test_the_wall_shows_every_picture_with_its_words_and_status(world, client_for):
    image = make_image(world.pets, world.uma, review_status=ReviewStatus.PENDING)

    page = text(client_for(world.paul).get(url_of(world.pets)))

    assert f'href="/images/{image.uid}/"' in page
    assert f'src="/images/{image.uid}/thumb.webp"' in page
    assert 'alt="一只金毛犬，坐在草地上"' in page
    assert "In review" in page
    assert f'href="/projects/{world.pets.pk}/generate/"' in page


def test_strangers_get_nothing_and_the_anonymous_sign_in(world, client_for, client):
    assert client_for(world.mallory).get(url_of(world.pets)).status_code == 404
    assert client_for(world.paul).get(url_of(world.products)).status_code == 404
    assert client.get(url_of(world.pets)).status_code == 302


def test_an_empty_gallery_says_how_to_begin(world, client_for):
    page = text(client_for(world.uma).get(url_of(world.pets)))

    assert "No pictures yet" in page
    assert f'href="/projects/{world.pets.pk}/generate/"' in page
    assert 'type="search"' not in page


def test_when_nothing_is_found_filters_can_be_cleared(world, client_for):
    make_image(world.pets, world.uma)

    page = text(client_for(world.uma).get(url_of(world.pets), {"text": "giraffe"}))

    assert "Nothing found" in page
    assert "Clear filters" in page


def test_filters_are_chips_in_words_that_lead_to_the_search_without_them(world, client_for):
    make_image(world.pets, world.uma, review_status=ReviewStatus.CHANGES_REQUESTED)
    query = "q=金毛 status:changes_requested by:me -model:Z-Image-Turbo sort:oldest"

    response = client_for(world.uma).get(f"{url_of(world.pets)}?{query}")

    labels = [chip.label for chip in response.context["chips"]]
    assert labels == [
        "“金毛”",
        "Status: Changes requested",
        "Made by: me",
        "Model not: Z-Image-Turbo",
        "Oldest first",
    ]
    urls = [chip.url for chip in response.context["chips"]]
    assert "changes_requested" not in urls[1]
    assert "by%3Ame" in urls[1]
    assert all(
        chip.url in text(response).replace("&amp;", "&") for chip in response.context["chips"]
    )


def test_old_addresses_name_people_by_number_and_chips_by_name(world, client_for):
    make_image(world.pets, world.uma)

    page = client_for(world.paul).get(url_of(world.pets), {"person": world.uma.pk})
    other = client_for(world.paul).get(url_of(world.pets), {"person": world.mallory.pk})

    assert [chip.label for chip in page.context["chips"]] == ["Made by: Uma"]
    assert [chip.label for chip in other.context["chips"]] == [f"Made by: #{world.mallory.pk}"]


def test_cards_keep_the_search(world, client_for):
    image = make_image(world.pets, world.uma)

    page = text(client_for(world.uma).get(url_of(world.pets), {"status": "draft"}))

    assert f'href="/images/{image.uid}/?q=status%3Adraft"' in page


def test_the_next_part_works_without_scripts_too(world, client_for, pages_of_two):
    images = [make_image(world.pets, world.uma, prompt=f"picture {n}") for n in range(5)]
    client = client_for(world.uma)

    first = client.get(url_of(world.pets)).context["wall"]
    second = client.get(first.after_url).context["wall"]
    third = client.get(second.after_url)

    found = [card.id for wall in (first, second, third.context["wall"]) for card in wall.cards]
    assert found == [image.uid for image in reversed(images)]
    assert "<html" in text(third)
    assert third.context["wall"].after_url == ""
    assert third.context["wall"].before_url


def test_a_changed_filter_swaps_only_what_was_found(world, client_for):
    make_image(world.pets, world.uma)

    fields = {"q": "金毛 "}
    response = client_for(world.uma).get(url_of(world.pets), fields, headers=HTMX)

    assert text(response).lstrip().startswith('<div id="found">')
    assert "HX-Request" in response["Vary"]
    assert response["HX-Replace-Url"] == f"{url_of(world.pets)}?q=%E9%87%91%E6%AF%9B"


def test_going_back_gets_the_whole_page(world, client_for):
    headers = {**HTMX, "HX-History-Restore-Request": "true"}

    assert "<html" in text(client_for(world.uma).get(url_of(world.pets), headers=headers))


@pytest.mark.parametrize(
    "query", ["status=banana", "person=me", "cursor=%00", "page=2", "text=%00", "q=%00"]
)
def test_nonsense_in_the_address_is_no_fault(world, client_for, query):
    make_image(world.pets, world.uma)

    response = client_for(world.uma).get(f"{url_of(world.pets)}?{query}")

    assert response.status_code == 200
    for mistake in response.context["search"].mistakes:
        assert html.escape(mistake.sentence) in text(response)


def test_words_of_a_prompt_cannot_become_markup(world, client_for):
    make_image(world.pets, world.uma, prompt='"><script>alert(1)</script>')

    page = text(client_for(world.uma).get(url_of(world.pets), {"text": "<script>"}))

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_page_costs_the_same_however_many_pictures(
    world, client_for, django_assert_max_num_queries
):
    client = client_for(world.rita)
    client.get(url_of(world.pets))
    for number in range(8):
        make_image(world.pets, [world.uma, world.paul][number % 2], prompt=str(number))

    # One of them counts the reader's open pictures, for the navigation.
    with django_assert_max_num_queries(8):
        page = client.get(url_of(world.pets))

    assert len(page.context["wall"].cards) == 8
