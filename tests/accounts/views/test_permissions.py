"""Who gets which page of people and organizations: one table of address, person and answer."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions.tokens import create_token
from accounts.models import Membership
from accounts.roles import Role, Scope
from tests.builders import World, access_of, join, make_person

LANTERN = {"slug": "lantern"}

# Which page, then the answer to: user, reviewer, user of one project, admin of one project
# (the project 宠物主题), admin, admin of another organization.
PAGES = [
    ("accounts:members", LANTERN, [403, 403, 403, 200, 200, 404]),
    ("accounts:audit", LANTERN, [403, 403, 403, 200, 200, 404]),
    ("accounts:project-create", LANTERN, [403, 403, 403, 403, 200, 404]),
    ("accounts:project-settings", {"project_id": "pets"}, [403, 403, 403, 200, 200, 404]),
    ("accounts:project-settings", {"project_id": "products"}, [403, 403, 404, 404, 200, 404]),
    ("accounts:profile", {}, [200] * 6),
    ("accounts:tokens", {}, [200] * 6),
    ("account_change_password", {}, [200] * 6),
]
DEEDS = [
    ("accounts:invite", LANTERN, {}, [403, 403, 403, 422, 422, 404]),
    ("accounts:member-role", {"membership_id": "uma"}, {"role": "user"}, [403] * 4 + [302, 404]),
    (
        "accounts:member-role",
        {"membership_id": "paul"},
        {"role": "user"},
        [403, 403, 403, 302, 302, 404],
    ),
    ("accounts:member-remove", {"membership_id": "paul"}, {}, [403, 403, 403, 302, 302, 404]),
    ("accounts:member-deactivate", {"user_id": "paul"}, {}, [403, 403, 403, 403, 302, 404]),
    ("accounts:member-reactivate", {"user_id": "zoe"}, {}, [403, 403, 403, 403, 302, 404]),
]
PEOPLE = ["uma", "rita", "paul", "petra", "ada", "mallory"]


@pytest.fixture
def people(world: World):
    """The world's people, Petra who is admin of one project, and Zoe who was deactivated."""
    petra = make_person("petra")
    join(petra, world.lantern, Role.ADMIN, project=world.pets)
    zoe = make_person("zoe")
    join(zoe, world.lantern, Role.USER)
    Membership.objects.filter(user=zoe).update(is_active=False)
    known = {name: getattr(world, name) for name in PEOPLE if name != "petra"}
    return {**known, "petra": petra, "zoe": zoe}


def address(name: str, place: dict[str, str], world: World, people) -> str:
    known = {
        "project_id": lambda word: getattr(world, word).pk,
        "membership_id": lambda word: Membership.objects.get(user=people[word]).pk,
        "user_id": lambda word: people[word].pk,
    }
    filled = {key: known[key](word) if key in known else word for key, word in place.items()}
    if {"membership_id", "user_id"} & filled.keys():
        filled["slug"] = "lantern"
    return reverse(name, kwargs=filled)


@pytest.mark.parametrize("row", PAGES)
def test_page_is_for_those_who_may(row, world, people, client_for) -> None:
    name, place, answers = row
    url = address(name, place, world, people)

    found = [client_for(people[person]).get(url).status_code for person in PEOPLE]

    assert dict(zip(PEOPLE, found, strict=True)) == dict(zip(PEOPLE, answers, strict=True))


@pytest.mark.parametrize("row", DEEDS)
@pytest.mark.parametrize("person", PEOPLE)
def test_deed_is_for_those_who_may(person, row, world, people, client_for) -> None:
    name, place, data, answers = row
    url = address(name, place, world, people)
    expected = answers[PEOPLE.index(person)]
    before = list(Membership.objects.order_by("pk").values())

    response = client_for(people[person]).post(url, data)

    assert response.status_code == expected
    if expected >= 400:
        assert list(Membership.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("row", [*PAGES, *[(name, place, None) for name, place, *_ in DEEDS]])
def test_stranger_is_asked_to_sign_in(row, world, people) -> None:
    url = address(row[0], row[1], world, people)

    for answer in (Client().get(url), Client().post(url)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("name", [deed[0] for deed in DEEDS if deed[0] != "accounts:invite"])
def test_deed_is_never_done_by_looking(name, world, people, client_for) -> None:
    place = next(deed[1] for deed in DEEDS if deed[0] == name)

    assert client_for(world.ada).get(address(name, place, world, people)).status_code == 405


def test_somebody_elses_token_cannot_be_revoked(world, client_for) -> None:
    token, _secret = create_token(
        access=access_of(world.uma),
        user=world.uma,
        organization=world.lantern,
        name="export",
        scopes=[Scope.READ],
    )
    url = reverse("accounts:token-revoke", kwargs={"token_id": token.pk})

    assert client_for(world.ada).post(url).status_code == 404
    assert client_for(world.uma).post(url).status_code == 302


def test_membership_of_another_organization_is_not_found_under_ones_own(world, client_for) -> None:
    join(world.mallory, world.lantern, Role.ADMIN)
    membership = Membership.objects.get(user=world.uma)
    url = reverse(
        "accounts:member-role", kwargs={"slug": "harbour", "membership_id": membership.pk}
    )

    assert client_for(world.mallory).post(url, {"role": "admin"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "organizations/lantern/members/{}/role/",
        "organizations/lantern/members/{}/remove/",
        "organizations/lantern/members/invitations/{}/revoke/",
        "organizations/lantern/people/{}/deactivate/",
        "organizations/lantern/people/{}/reactivate/",
        "profile/tokens/{}/revoke/",
        "projects/{}/settings/",
    ],
)
def test_number_that_no_row_can_have_is_not_found(world, client_for, path: str) -> None:
    assert client_for(world.ada).post("/" + path.format("9" * 30)).status_code == 404
