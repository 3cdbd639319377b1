"""Weights on the page of those who operate the site."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEvent, Organization
from generation.models import ShareAccount
from tests.builders import World, make_operator

pytestmark = pytest.mark.django_db

PAGE = "/site/shares/"


@pytest.fixture
def olga(client_for, db: None):
    """Olga's browser."""
    return client_for(make_operator())


def address(world: World) -> str:
    return reverse("generation:share-set", args=[world.lantern.pk])


def test_organization_is_weighed_and_the_parts_follow(world: World, olga) -> None:
    assert "50 % of the GPUs" in olga.get(PAGE).content.decode()

    assert olga.post(address(world), {"weight": "3"}).status_code == 302

    html = olga.get(PAGE).content.decode()
    assert "75 % of the GPUs" in html
    assert "25 % of the GPUs" in html
    event = AuditEvent.objects.get(action="generation.share.changed")
    assert (event.organization, event.data["weight"]) == (world.lantern, 3)


def test_person_is_weighed_by_address_and_shown_until_usual_again(world: World, olga) -> None:
    olga.post(address(world), {"weight": "0.5", "person": "UMA@example.com"})
    assert ShareAccount.objects.get(person=world.uma).weight == 0.5
    assert "uma@example.com" in olga.get(PAGE).content.decode()

    olga.post(address(world), {"weight": "1", "person": "uma@example.com"})

    assert "uma@example.com" not in olga.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"weight": "11"}, "less than or equal to 10"),
        ({"weight": "nan"}, "Enter a number"),
        ({"weight": "2", "person": "mallory@example.com"}, "is not a member of Lantern"),
        ({"weight": "2", "person": "nobody"}, "valid email address"),
        ({"weight": "2", "person": ""}, "required"),
    ],
)
def test_what_cannot_be_comes_back_beside_its_organization(world, olga, said, words) -> None:
    answer = olga.post(address(world), said)

    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html[html.index(f'id="share-{world.lantern.pk}"') :]
    assert not ShareAccount.objects.filter(organization=world.lantern).exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_is_drawn_in_both_languages_with_constant_queries(
    world: World, olga, language: str, django_assert_max_num_queries
) -> None:
    for number in range(9):
        made = Organization.objects.create(name=f"O{number}", slug=f"o{number}")
        ShareAccount.objects.create(organization=made, person=world.uma, weight=2)

    with django_assert_max_num_queries(9):
        html = olga.get(PAGE, headers={"accept-language": language}).content.decode()

    assert ("权重" in html) == (language == "zh-hans")
