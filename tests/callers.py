"""Programs that call the API, as tests name them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.actions.tokens import create_token
from accounts.models import Organization, User
from accounts.roles import Scope
from tests.builders import access_of

API = "/api/v1"


class Program(Client):
    """A caller of the API: paths begin after `/api/v1`, bodies are JSON, answers too."""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The response to one call."""
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(super(), method)(f"{API}{path}", headers=headers or None, **sent)


def program_of(
    person: User, organization: Organization, *scopes: Scope, name: str = "script"
) -> Program:
    """A program with a token of the person; without scopes it has all of them."""
    return Program(
        headers={"Authorization": f"Bearer {secret_of(person, organization, *scopes, name=name)}"}
    )


def secret_of(
    person: User, organization: Organization, *scopes: Scope, name: str = "script"
) -> str:
    """The secret of a new token of the person."""
    _token, secret = create_token(
        access=access_of(person),
        user=person,
        organization=organization,
        name=name,
        scopes=scopes or list(Scope),
    )
    return secret


def browser_of(person: User) -> Program:
    """The person's own browser, signed in."""
    browser = Program()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def assert_refused(
    response: Any, status: int, *, code: str = "", field: str = ""
) -> dict[str, Any]:
    """Check a refusal's status and shape, and its first fault; return it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"].startswith("application/json")
    fault: dict[str, Any] = response.json()
    assert fault.keys() == {"code", "field", "sentence", "errors"}
    assert fault["sentence"]
    assert fault["errors"][0] == {key: fault[key] for key in ("code", "field", "sentence")}
    if code:
        assert fault["code"] == code
    if field:
        assert fault["field"] == field
    return fault
