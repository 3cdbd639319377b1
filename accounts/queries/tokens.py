"""Finding API tokens."""

from __future__ import annotations

import hashlib
import hmac

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import ApiToken

TOKEN_START = "atl"  # noqa: S105  # a mark to recognise tokens by, no secret


def hash_of(secret: str) -> str:
    """What is stored of a secret with 256 random bits: one SHA-256 is enough for those."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_token(text: str) -> ApiToken | None:
    """The token of `atl_<prefix>_<secret>`, if it may be used now; compared in constant time."""
    start, _mark, rest = text.partition("_")
    prefix, _mark, secret = rest.partition("_")
    if start != TOKEN_START or not prefix or not secret:
        return None
    token = (
        ApiToken.objects.select_related("user", "organization")
        .filter(
            prefix=prefix,
            revoked_at__isnull=True,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .first()
    )
    if token is None or not hmac.compare_digest(token.secret_hash, hash_of(secret)):
        return None
    return token


def tokens_of(access: Access) -> QuerySet[ApiToken]:
    """The person's own tokens, newest first; a process has none."""
    if access.user_id is None:
        return ApiToken.objects.none()
    return (
        ApiToken.objects.filter(user_id=access.user_id)
        .select_related("organization")
        .order_by("-id")
    )


def token_for(access: Access, token_id: int) -> ApiToken:
    """One of the person's own tokens."""
    token = tokens_of(access).filter(pk=token_id).first()
    if token is None:
        raise NotVisible
    return token


def why_not_token_name(access: Access, name: str) -> Promise | None:
    """The sentence that refuses a token's name, or `None`: working tokens must be told apart."""
    taken = tokens_of(access).filter(
        name=name.strip(), revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    if taken.exists():
        return _("You have a token of this name. Revoke that one first, or choose another name.")
    return None
