"""Signing in, staying out, and choosing language and theme."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.builders import World

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _fresh_rate_limits(db) -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_address_is_found_whatever_its_case(world: World) -> None:
    assert sign_in(Client(), "UMA@Example.com")["Location"] == "/"


def test_wrong_password_and_unknown_address_get_the_same_answer(world: World) -> None:
    wrong = sign_in(Client(), "uma@example.com", "nonsense nonsense")
    unknown = sign_in(Client(), "nobody@example.com", "nonsense nonsense")

    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].errors == unknown.context["form"].errors != {}


def test_sixth_wrong_password_locks_the_address_for_a_while(world: World) -> None:
    for _attempt in range(5):
        sign_in(Client(), "uma@example.com", "nonsense nonsense")

    refused = sign_in(Client(), "uma@example.com")

    assert "_auth_user_id" not in refused.client.session
    assert "Too many" in str(refused.context["form"].errors)


def test_nobody_registers_by_themselves(world: World) -> None:
    people = User.objects.count()

    page = Client().get("/accounts/signup/")
    answer = Client().post(
        "/accounts/signup/",
        {"email": "eve@example.com", "password1": "x" * 12, "password2": "x" * 12},
    )

    assert "invitation" in page.content.decode()
    assert answer.status_code == 200
    assert User.objects.count() == people


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "login/code/confirm/", "reauthenticate/", "social/signup/"]
)
def test_only_the_needed_part_of_allauth_has_an_address(world: World, client_for, path) -> None:
    assert client_for(world.uma).get(f"/accounts/{path}").status_code == 404


def test_person_who_is_locked_out_is_signed_out_at_once(world: World, client_for) -> None:
    client = client_for(world.uma)
    assert client.get("/profile/").status_code == 200

    User.objects.filter(pk=world.uma.pk).update(is_active=False)

    assert client.get("/profile/")["Location"].startswith("/accounts/login/")
    sign_in(client, "uma@example.com")
    assert client.get("/profile/").status_code == 302


def test_forgotten_password_is_replaced_through_the_mailed_link(world: World) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": "uma@example.com"})
    (letter,) = mail.outbox
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)

    form = client.get(link, follow=True)
    client.post(
        form.request["PATH_INFO"],
        {"password1": "seven quiet lanterns", "password2": "seven quiet lanterns"},
    )

    world.uma.refresh_from_db()
    assert world.uma.check_password("seven quiet lanterns")


def test_reset_of_an_unknown_address_looks_the_same_and_mails_nobody(world: World) -> None:
    answer = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    known = Client().post("/accounts/password/reset/", {"email": "uma@example.com"})

    assert answer["Location"] == known["Location"]
    assert [letter.to for letter in mail.outbox] == [["uma@example.com"]]


def test_signing_out_ends_the_session(world: World, client_for) -> None:
    client = client_for(world.uma)

    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/profile/").status_code == 302


def test_language_is_kept_with_the_person(world: World, client_for) -> None:
    client = client_for(world.uma)

    answer = client.post("/profile/language/", {"language": "zh-hans", "next": "/profile/"})

    assert answer["Location"] == "/profile/"
    world.uma.refresh_from_db()
    assert world.uma.language == "zh-hans"
    elsewhere = client_for(world.uma)
    assert 'lang="zh-hans"' in elsewhere.get("/profile/").content.decode()


def test_stranger_chooses_language_and_theme_in_cookies() -> None:
    client = Client()

    client.post("/profile/language/", {"language": "zh-hans", "next": "/accounts/login/"})
    client.post("/profile/theme/", {"theme": "light", "next": "/accounts/login/"})

    assert client.cookies["django_language"].value == "zh-hans"
    page = client.get("/accounts/login/").content.decode()
    assert 'lang="zh-hans"' in page
    assert 'data-theme="light"' in page


def test_theme_is_kept_with_the_person(world: World, client_for) -> None:
    client_for(world.uma).post("/profile/theme/", {"theme": "dark"})

    world.uma.refresh_from_db()
    assert world.uma.theme == "dark"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:1", ""])
def test_next_never_leads_away_from_the_site(world: World, client_for, where: str) -> None:
    for url, data in (("language", {"language": "en"}), ("theme", {"theme": "dark"})):
        answer = client_for(world.uma).post(f"/profile/{url}/", {**data, "next": where})

        assert answer["Location"] == "/"


def test_unknown_language_and_theme_change_nothing(world: World, client_for) -> None:
    client = client_for(world.uma)

    client.post("/profile/language/", {"language": "tlh"})
    client.post("/profile/theme/", {"theme": "pink"})

    world.uma.refresh_from_db()
    assert (world.uma.language, world.uma.theme) == ("", "system")
