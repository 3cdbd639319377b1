"""Who may call, and what they hear when they may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions.membership import deactivate_member
from accounts.actions.tokens import revoke_token
from accounts.models import ApiToken, AuditEvent
from accounts.roles import Role, Scope
from tests.builders import access_of, join
from tests.callers import Program, assert_refused, browser_of, program_of, secret_of


def test_nobody_is_told_to_sign_in(world) -> None:
    response = Program().call("get", "/me/")

    assert_refused(response, 401, code="not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer nonsense", "Bearer atl_00000000_secret", "bearer atl__", "Bearer \x7f"],
)
def test_a_token_that_does_not_exist_is_refused(world, header: str) -> None:
    response = Program().call("get", "/me/", Authorization=header)

    assert_refused(response, 401, code="authentication_failed")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_is_refused_at_once(world) -> None:
    program = program_of(world.uma, world.lantern)
    assert program.call("get", "/me/").status_code == 200

    revoke_token(access=access_of(world.uma), token=ApiToken.objects.get())

    assert_refused(program.call("get", "/me/"), 401)


def test_an_expired_token_is_refused(world) -> None:
    program = program_of(world.uma, world.lantern)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert_refused(program.call("get", "/me/"), 401)


def test_a_token_of_a_person_who_was_deactivated_reaches_nothing(world) -> None:
    program = program_of(world.uma, world.lantern)
    assert program.call("get", "/projects/").json()["items"] != []

    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)

    assert program.call("get", "/projects/").json()["items"] == []
    assert_refused(program.call("get", f"/projects/{world.pets.pk}/"), 404)


def test_a_token_reaches_one_organization_only(world) -> None:
    join(world.uma, world.harbour, Role.USER)
    program = program_of(world.uma, world.lantern)

    assert_refused(program.call("get", f"/projects/{world.harbour_project.pk}/"), 404)
    assert (
        browser_of(world.uma).call("get", f"/projects/{world.harbour_project.pk}/").status_code
        == 200
    )


def test_a_token_without_the_scope_is_told_which_one(world) -> None:
    program = program_of(world.ada, world.lantern, Scope.READ, Scope.GENERATE)

    response = program.call("post", "/organizations/lantern/projects/", {"name": "New"})

    fault = assert_refused(response, 403, code="scope_missing")
    assert "manage" in fault["sentence"]


def test_a_token_that_only_generates_finds_the_project_but_reads_no_list(world) -> None:
    program = program_of(world.uma, world.lantern, Scope.GENERATE)

    path = f"/projects/{world.pets.pk}/requests/"
    assert_refused(program.call("get", path), 403, code="scope_missing")
    assert_refused(program.call("post", path, {"prompt": ""}), 400)  # past the door


def test_a_token_does_not_make_its_owner_greater(world) -> None:
    program = program_of(world.uma, world.lantern)

    response = program.call("post", "/organizations/lantern/projects/", {"name": "New"})

    assert_refused(response, 403, code="not_permitted")


def test_a_token_wins_over_the_session_beside_it(world) -> None:
    browser = browser_of(world.mallory)
    secret = secret_of(world.uma, world.lantern)

    response = browser.call("get", "/me/", Authorization=f"Bearer {secret}")

    assert response.json()["email"] == "uma@example.com"
    assert [each["slug"] for each in response.json()["organizations"]] == ["lantern"]


def test_a_session_writes_only_with_the_csrf_token(world) -> None:
    browser = Program(enforce_csrf_checks=True)
    browser.force_login(world.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    path, body = "/organizations/lantern/projects/", {"name": "Winter"}

    assert_refused(browser.call("post", path, body), 403)
    browser.cookies["csrftoken"] = "x" * 32
    response = browser.call("post", path, body, **{"X-CSRFToken": "x" * 32})

    assert response.status_code == 201


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "post"])
def test_a_method_that_does_not_exist_is_refused_as_such(world, method: str) -> None:
    for caller in (program_of(world.ada, world.lantern, name=method), browser_of(world.ada)):
        assert_refused(caller.call(method, "/me/"), 405)


def test_the_language_of_a_refusal_follows_the_caller(world) -> None:
    response = Program().call("get", "/me/", **{"Accept-Language": "zh-hans"})

    assert response["Content-Language"] == "zh-hans"


def test_what_a_token_did_is_in_the_trail_under_its_name(world) -> None:
    program = program_of(world.ada, world.lantern)
    program.call("post", "/organizations/lantern/projects/", {"name": "Winter"})

    event = AuditEvent.objects.get(action="accounts.project.created")
    assert event.actor_id == world.ada.pk
    assert event.token_prefix == ApiToken.objects.get().prefix
    assert event.request_id
