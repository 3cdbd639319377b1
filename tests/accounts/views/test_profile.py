"""A person's own pages: name and API tokens."""

from __future__ import annotations

import re

from accounts.models import ApiToken
from accounts.queries.tokens import live_token
from tests.builders import World

TOKENS = "/profile/tokens/"


def ask(world: World, **more: object) -> dict[str, object]:
    return {
        "name": "export",
        "organization": world.lantern.pk,
        "scopes": ["read"],
        "days": 90,
        **more,
    }


def test_person_changes_their_name(world: World, client_for) -> None:
    response = client_for(world.uma).post("/profile/", {"name": "乌玛"}, follow=True)

    world.uma.refresh_from_db()
    assert world.uma.name == "乌玛"
    assert "Your name is saved." in response.content.decode()


def test_empty_name_comes_back_with_what_is_wrong(world: World, client_for) -> None:
    assert client_for(world.uma).post("/profile/", {"name": "  "}).status_code == 422


def test_profile_says_where_the_person_belongs(world: World, client_for) -> None:
    page = client_for(world.paul).get("/profile/").content.decode()

    assert "宠物主题" in page
    assert "Harbour" not in page


def test_secret_of_a_new_token_is_shown_once(world: World, client_for) -> None:
    uma = client_for(world.uma)

    response = uma.post(TOKENS, ask(world))

    assert response.status_code == 201
    assert "no-store" in response["Cache-Control"]
    found = re.search(r"atl_[0-9a-f]{8}_[\w-]{43}", response.content.decode())
    assert found is not None
    assert live_token(found[0]) == ApiToken.objects.get(user=world.uma)
    later = uma.get(TOKENS).content.decode()
    assert "export" in later
    assert found[0] not in later


def test_sending_the_form_again_makes_no_second_token(world: World, client_for) -> None:
    uma = client_for(world.uma)
    uma.post(TOKENS, ask(world))

    again = uma.post(TOKENS, ask(world))

    assert again.status_code == 422
    assert ApiToken.objects.count() == 1


def test_token_form_refuses_what_cannot_be(world: World, client_for) -> None:
    uma = client_for(world.uma)
    wrong = [
        {"days": 366},
        {"days": 0},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"name": ""},
        {"organization": world.harbour.pk},
    ]

    answers = [uma.post(TOKENS, ask(world, **more)).status_code for more in wrong]

    assert answers == [422] * len(wrong)
    assert not ApiToken.objects.exists()


def test_revoked_token_stays_in_the_list_as_revoked(world: World, client_for) -> None:
    uma = client_for(world.uma)
    uma.post(TOKENS, ask(world))
    token = ApiToken.objects.get()

    page = uma.post(f"{TOKENS}{token.pk}/revoke/", follow=True).content.decode()

    assert "no longer works" in page
    assert "Revoked" in page
    assert f"{TOKENS}{token.pk}/revoke/" not in page


def test_use_over_the_api_is_noted(world: World, client_for, client) -> None:
    page = client_for(world.uma).post(TOKENS, ask(world)).content.decode()
    secret = re.search(r"atl_[\w-]+", page)[0]

    client.get("/api/v1/projects/", headers={"Authorization": f"Bearer {secret}"})

    assert ApiToken.objects.get().last_used_at is not None
    assert "used" in client_for(world.uma).get(TOKENS).content.decode()


def test_token_does_not_open_pages(world: World, client_for, client) -> None:
    page = client_for(world.uma).post(TOKENS, ask(world)).content.decode()
    secret = re.search(r"atl_[\w-]+", page)[0]

    answer = client.get("/profile/", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 302
