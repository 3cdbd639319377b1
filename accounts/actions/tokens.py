"""Keys for programs: made by a person for themselves, in one organization."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition
from accounts.models import ApiToken, Organization, User
from accounts.queries.tokens import TOKEN_START, hash_of, why_not_token_name
from accounts.roles import Permission, Scope

DEFAULT_DAYS = 90
MAX_DAYS = 365
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    *,
    access: Access,
    user: User,
    organization: Organization,
    name: str,
    scopes: Iterable[Scope],
    days: int = DEFAULT_DAYS,
) -> tuple[ApiToken, str]:
    """Make a token that may do at most what the person may, within the scopes.

    Returns the token and its secret, `atl_<prefix>_<256 random bits>`, which is stored nowhere.
    """
    access.require_person(user.pk)
    access.require_in_organization(Permission.VIEW_ORGANIZATION, organization.pk)
    wanted = sorted({scope.value for scope in scopes})
    if not wanted:
        raise InvalidInput(_("Choose at least one thing that the token may do."), field="scopes")
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInput(_("A token works for 1 to 365 days."), field="days")
    if obstacle := why_not_token_name(access, name):
        raise InvalidInput(obstacle, field="name")
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        organization=organization,
        name=name.strip(),
        prefix=prefix,
        secret_hash=hash_of(secret),
        scopes=wanted,
        expires_at=timezone.now() + timedelta(days=days),
    )
    _record(access, "created", token)
    return token, f"{TOKEN_START}_{prefix}_{secret}"


@transaction.atomic
def revoke_token(*, access: Access, token: ApiToken) -> None:
    """Make the token useless from the next request on."""
    access.require_person(token.user_id)
    if not ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
        revoked_at=timezone.now()
    ):
        raise InvalidTransition(_("This token is revoked already."))
    _record(access, "revoked", token)


def note_use(*, access: Access, token: ApiToken) -> None:
    """Remember when the token was last used, to the minute: busy programs must not write always."""
    access.require_person(token.user_id, by_token=True)
    now = timezone.now()
    before = now - USE_IS_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        ApiToken.objects.filter(
            Q(last_used_at__isnull=True) | Q(last_used_at__lt=before), pk=token.pk
        ).update(last_used_at=now)


def _record(access: Access, happened: str, token: ApiToken) -> None:
    record(
        access,
        f"accounts.token.{happened}",
        token,
        organization_id=token.organization_id,
        scopes=token.scopes,
    )
