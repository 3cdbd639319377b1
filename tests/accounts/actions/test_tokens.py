"""Keys for programs: hashed, scoped, bound to one organization, expiring, revocable."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from accounts.access import Access
from accounts.actions.membership import deactivate_member
from accounts.actions.tokens import create_token, note_use, revoke_token
from accounts.api.authentication import token_access
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import ApiToken, AuditEvent
from accounts.queries.tokens import live_token, tokens_of
from accounts.roles import Permission, Role, Scope
from tests.builders import World, access_of, join


def token_of(world: World, person=None, **more) -> tuple[ApiToken, str]:
    person = person or world.uma
    values = {"organization": world.lantern, "name": "export", "scopes": [Scope.READ], **more}
    return create_token(access=access_of(person), user=person, **values)


def access_with(token: ApiToken) -> Access:
    request = RequestFactory().get("/")
    request.access = Access.nobody()
    return token_access(token, request)


def test_secret_is_shown_once_and_stored_as_a_hash(world: World) -> None:
    token, secret = token_of(world)

    start, prefix, rest = secret.split("_", 2)
    assert (start, prefix) == ("atl", token.prefix)
    assert len(rest) >= 43  # 256 bits
    assert rest not in str(vars(ApiToken.objects.get()))
    assert rest not in str(AuditEvent.objects.get().data)
    assert live_token(secret) == token


@pytest.mark.parametrize("wrong", ["", "atl", "atl_x_y", "zit_{prefix}_{rest}", "atl_{prefix}_x"])
def test_anything_but_the_secret_is_refused(world: World, wrong: str) -> None:
    token, secret = token_of(world)

    assert live_token(wrong.format(prefix=token.prefix, rest=secret.split("_", 2)[2])) is None


def test_token_works_for_ninety_days_unless_told_otherwise(world: World) -> None:
    token, secret = token_of(world)

    assert timedelta(days=89) < token.expires_at - timezone.now() <= timedelta(days=90)
    ApiToken.objects.update(expires_at=timezone.now())
    assert live_token(secret) is None


@pytest.mark.parametrize("days", [0, -1, 366])
def test_token_works_for_a_year_at_most(world: World, days: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        token_of(world, days=days)

    assert refusal.value.field == "days"


def test_token_may_do_what_its_scopes_and_its_owner_may(world: World) -> None:
    token, _secret = token_of(world, scopes=[Scope.READ, Scope.REVIEW])

    access = access_with(token)

    assert access.allows(Permission.VIEW_GALLERY, world.pets.pk)
    assert not access.allows(Permission.REQUEST_IMAGES, world.pets.pk)  # outside its scopes
    assert not access.allows(Permission.REVIEW_IMAGES, world.pets.pk)  # Uma may not either
    assert access.actor.token_prefix == token.prefix


def test_token_follows_its_owners_role(world: World) -> None:
    token, _secret = token_of(world, scopes=[Scope.READ])

    deactivate_member(access=access_of(world.ada), organization=world.lantern, user=world.uma)

    assert access_with(token).projects == {}


def test_token_reaches_one_organization_only(world: World) -> None:
    join(world.uma, world.harbour, Role.USER)
    token, _secret = token_of(world)

    assert access_with(token).projects_with(Permission.VIEW_GALLERY) == [
        world.pets.pk,
        world.products.pk,
    ]


def test_token_needs_a_scope_and_an_organization_of_its_owner(world: World) -> None:
    with pytest.raises(InvalidInput):
        token_of(world, scopes=[])
    with pytest.raises(NotVisible):
        token_of(world, organization=world.harbour)


def test_two_working_tokens_have_different_names(world: World) -> None:
    token, _secret = token_of(world)
    with pytest.raises(InvalidInput):
        token_of(world)

    revoke_token(access=access_of(world.uma), token=token)

    token_of(world)
    token_of(world, person=world.rita)


def test_revoked_token_is_useless_at_once(world: World) -> None:
    token, secret = token_of(world)

    revoke_token(access=access_of(world.uma), token=token)

    assert live_token(secret) is None
    assert AuditEvent.objects.latest("id").action == "accounts.token.revoked"
    with pytest.raises(InvalidTransition):
        revoke_token(access=access_of(world.uma), token=token)


def test_nobody_makes_or_revokes_tokens_for_somebody_else(world: World) -> None:
    token, _secret = token_of(world)

    with pytest.raises(NotVisible):
        revoke_token(access=access_of(world.ada), token=token)
    with pytest.raises(NotVisible):
        create_token(
            access=access_of(world.ada),
            user=world.uma,
            organization=world.lantern,
            name="x",
            scopes=[Scope.READ],
        )
    assert list(tokens_of(access_of(world.ada))) == []


def test_token_cannot_make_tokens(world: World) -> None:
    token, _secret = token_of(world, scopes=list(Scope))

    with pytest.raises(NotPermitted, match="Sign in"):
        create_token(
            access=access_with(token),
            user=world.uma,
            organization=world.lantern,
            name="child",
            scopes=[Scope.READ],
        )


def test_use_is_noted_once_a_minute(world: World, django_assert_num_queries) -> None:
    token, _secret = token_of(world)
    access = replace(access_of(world.uma), actor=access_with(token).actor)

    note_use(access=access, token=token)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    with django_assert_num_queries(0):
        note_use(access=access, token=token)

    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    token.refresh_from_db()
    note_use(access=access, token=token)
    token.refresh_from_db()
    assert token.last_used_at > first - timedelta(minutes=2)
