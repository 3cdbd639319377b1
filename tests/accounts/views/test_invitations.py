"""The page behind an invitation's link."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actions.invitations import invite_member, revoke_invitation
from accounts.models import Invitation, Membership, User
from accounts.roles import Role
from tests.builders import World, access_of

PASSWORD = "seven quiet lanterns"


@pytest.fixture
def link_for(world: World):
    """`link_for("li@example.com")` is the address of a fresh invitation of Ada's."""

    def link_for(email: str, role: Role = Role.USER) -> str:
        _invitation, secret = invite_member(
            access=access_of(world.ada), organization=world.lantern, email=email, role=role
        )
        return f"/invitations/{secret}/"

    return link_for


def test_new_person_joins_and_is_signed_in(world: World, link_for) -> None:
    client, link = Client(), link_for("li@example.com")
    page = client.get(link)
    assert "Lantern 灯笼" in page.content.decode()
    assert "no-store" in page["Cache-Control"]

    response = client.post(link, {"name": "李雷", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    li = User.objects.get(email="li@example.com")
    assert client.session["_auth_user_id"] == str(li.pk)
    assert "李雷" in client.get("/profile/").content.decode()


def test_new_person_can_sign_in_later_with_the_password(world: World, link_for) -> None:
    Client().post(link_for("li@example.com"), {"name": "Li", "password": PASSWORD})

    response = Client().post("/accounts/login/", {"login": "Li@example.com", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("name", "password"),
    [("Li", "short"), ("Li", "1234567890"), ("Lihua Wang", "lihua wang"), ("", PASSWORD)],
)
def test_weak_password_or_missing_name_makes_no_account(
    world: World, link_for, name: str, password: str
) -> None:
    response = Client().post(link_for("li@example.com"), {"name": name, "password": password})

    assert response.status_code == 422
    assert f'value="{password}"' not in response.content.decode()
    assert not User.objects.filter(email="li@example.com").exists()


def test_person_with_an_account_signs_in_first_and_comes_back(world: World, link_for) -> None:
    client, link = Client(), link_for("mallory@example.com")

    page = client.get(link)
    assert f"/accounts/login/?next={link}" in page.content.decode()
    assert client.post(link, {"name": "M", "password": PASSWORD}).status_code == 200

    signed_in = client.post(
        f"/accounts/login/?next={link}",
        {"login": "mallory@example.com", "password": "correct horse battery", "next": link},
    )
    assert signed_in["Location"] == link
    assert "Accept" in client.get(link).content.decode()
    assert not Membership.objects.filter(user=world.mallory, organization=world.lantern).exists()

    assert client.post(link)["Location"] == "/"
    assert Membership.objects.filter(user=world.mallory, organization=world.lantern).exists()


def test_password_of_an_existing_person_is_not_changed_by_the_link(world: World, link_for) -> None:
    Client().post(link_for("mallory@example.com"), {"name": "Eve", "password": PASSWORD})

    world.mallory.refresh_from_db()
    assert world.mallory.name == "Mallory"
    assert world.mallory.check_password("correct horse battery")


def test_signed_in_as_somebody_else(world: World, link_for, client_for) -> None:
    client, link = client_for(world.uma), link_for("li@example.com")

    answer = client.post(link, {"name": "Li", "password": PASSWORD})

    assert "This is for somebody else" in answer.content.decode()
    assert Invitation.objects.open().count() == 1


def test_every_dead_link_gets_the_same_calm_page(world: World, link_for) -> None:
    used = link_for("li@example.com")
    Client().post(used, {"name": "Li", "password": PASSWORD})
    replaced = link_for("wang@example.com")
    link_for("wang@example.com")
    revoked = link_for("zhao@example.com")
    revoke_invitation(
        access=access_of(world.ada), invitation=Invitation.objects.get(email="zhao@example.com")
    )
    pages = [Client().get(url) for url in (used, replaced, revoked, "/invitations/nonsense/")]

    assert [page.status_code for page in pages] == [404] * 4
    texts = {page.content.decode().replace(page.request["PATH_INFO"], "") for page in pages}
    assert all("ask the person who invited you for a new link" in text for text in texts)


def test_dead_link_makes_nothing(world: World) -> None:
    people = User.objects.count()

    answer = Client().post("/invitations/nonsense/", {"name": "Li", "password": PASSWORD})

    assert answer.status_code == 404
    assert User.objects.count() == people
