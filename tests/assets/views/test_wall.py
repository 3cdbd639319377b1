"""What the script of a wall asks for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from assets.models import Image, ImageMark
from assets.queries import timeline
from tests.assets.builders import hang_many, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts_of_two(monkeypatch):
    for part in (timeline.first_part, timeline.part_after, timeline.part_before):
        monkeypatch.setattr(part, "__kwdefaults__", {"size": 2})


def wall_of(world, rest=""):
    return f"/projects/{world.pets.pk}/wall/{rest}"


def uids(response):
    return [card.id for card in response.context["wall"].cards]


def test_parts_follow_each_other_in_both_directions(world, client_for, parts_of_two):
    hang_many(world.pets, world.uma, 5)
    newest_first = list(Image.objects.order_by("-id").values_list("uid", flat=True))
    client = client_for(world.paul)

    first = client.get(wall_of(world))
    second = client.get(wall_of(world), {"after": first.context["wall"].after})
    third = client.get(wall_of(world), {"after": second.context["wall"].after})
    back = client.get(wall_of(world), {"before": third.context["wall"].before})

    assert uids(first) + uids(second) + uids(third) == newest_first
    assert third.context["wall"].after == ""
    assert uids(back) == uids(second)
    assert "<html" not in second.content.decode()


def test_a_card_says_what_the_wall_needs(world, client_for):
    image = make_image(world.pets, world.uma, prompt='a "cat"', size=(48, 32))
    ImageMark.objects.create(image=image, user=world.rita, is_starred=True, rating=4)
    Image.objects.filter(pk=image.pk).update(placeholder="QUJD", source="imported")

    card = client_for(world.rita).get(wall_of(world)).content.decode()

    assert f'data-uid="{image.uid}"' in card
    assert f'data-place="{image.pk}"' in card
    assert 'data-placeholder="QUJD"' in card
    assert 'width="48" height="32"' in card
    assert 'alt="a &quot;cat&quot;"' in card
    assert "Starred, rated 4" in card
    assert "Imported" in card
    assert "data-stack" not in card


def test_the_same_card_in_chinese_says_it_in_chinese(world, client_for):
    make_image(world.pets, world.uma)
    client = client_for(world.rita)
    english = client.get(wall_of(world)).content.decode()

    chinese = client.get(wall_of(world), headers={"Accept-Language": "zh-hans"})

    assert "Draft" in english
    world.rita.language = "zh-hans"
    world.rita.save()
    chinese = client.get(wall_of(world)).content.decode()
    assert "Draft" not in chinese
    assert "草稿" in chinese


def test_the_page_opens_at_a_picture_or_a_day(world, client_for):
    hang_many(world.pets, world.uma, 100, per_day=10)
    images = list(Image.objects.order_by("-id"))
    client = client_for(world.rita)

    at = client.get(f"/projects/{world.pets.pk}/", {"at": images[60].uid}).context["wall"]
    day = timeline.days_of(client_access(world), world.pets.pk)[3][0]
    on = client.get(f"/projects/{world.pets.pk}/", {"day": day.isoformat()}).context["wall"]

    assert at.cards[timeline.ABOVE].id == images[60].uid
    assert (at.before, at.newest) == (str(images[36].pk), str(images[0].pk))
    assert next(card for card in on.cards if card.day == day.isoformat())


def client_access(world):
    from tests.builders import access_of  # noqa: PLC0415

    return access_of(world.rita)


@pytest.mark.parametrize(
    "query",
    ["at=x", f"at={uuid4()}", "day=x", "day=9999-12-31", "day=0001-01-01", "before=x", "after=-1"],
)
def test_a_place_that_is_none_is_the_beginning(world, client_for, query):
    image = make_image(world.pets, world.uma)

    response = client_for(world.rita).get(f"{wall_of(world)}?{query}")

    assert response.status_code == 200
    assert uids(response) == [image.uid]


def test_stacks_are_on_by_cookie_or_address_and_only_while_nothing_is_searched(world, client_for):
    hang_many(world.pets, world.uma, 4, per_request=4)
    client = client_for(world.rita)

    assert len(uids(client.get(wall_of(world), {"stacks": "1"}))) == 1
    client.cookies["wall_stacks"] = "1"
    stacked = client.get(wall_of(world))
    assert len(uids(stacked)) == 1
    assert 'data-count="4"' in stacked.content.decode()
    assert len(uids(client.get(wall_of(world), {"stacks": "0"}))) == 4
    assert len(uids(client.get(wall_of(world), {"q": "sort:oldest"}))) == 4


def test_a_stack_opens_into_what_lies_under_it(world, client_for):
    hang_many(world.pets, world.uma, 4, per_request=4)
    request = Image.objects.first().request_id

    under = client_for(world.rita).get(wall_of(world, f"stacks/{request}/"))

    newest_first = Image.objects.order_by("-id").values_list("uid", flat=True)
    assert uids(under) == list(newest_first)[1:]


def test_everything_found_is_counted_up_to_the_newest(world, client_for):
    hang_many(world.pets, world.uma, 4)
    giraffe = make_image(world.pets, world.uma, prompt="giraffe")
    client = client_for(world.rita)

    everything = client.get(wall_of(world, "count/")).json()
    some = client.get(wall_of(world, "count/"), {"q": "giraffe"}).json()
    news = client.get(wall_of(world, "count/"), {"before": giraffe.pk - 1}).json()

    assert everything == {"found": 5, "capped": False, "up_to": str(giraffe.uid)}
    assert some == {"found": 1, "capped": False, "up_to": str(giraffe.uid)}
    assert news["found"] == 1


def test_the_days_come_newest_first(world, client_for):
    hang_many(world.pets, world.uma, 12, per_day=4)

    days = client_for(world.rita).get(wall_of(world, "days/")).json()["days"]

    assert [day for day, _images in days] == sorted({day for day, _ in days}, reverse=True)
    assert sum(images for _day, images in days) == 12


@pytest.mark.parametrize("rest", ["", "count/", "days/", f"stacks/{uuid4()}/"])
def test_a_stranger_finds_no_wall(world, client_for, client, rest):
    assert client_for(world.mallory).get(wall_of(world, rest)).status_code == 404
    assert client.get(wall_of(world, rest)).status_code == 302


def test_a_part_costs_the_same_however_many_pictures(
    world, client_for, django_assert_max_num_queries
):
    hang_many(world.pets, world.uma, 40, per_request=4)
    client = client_for(world.rita)
    client.get(wall_of(world))

    with django_assert_max_num_queries(8):
        assert len(uids(client.get(wall_of(world), {"stacks": "1"}))) == 10
