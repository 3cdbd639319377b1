"""Finding API tokens."""

from __future__ import annotations

import hashlib
import hmac

from django.db.models import QuerySet
from django.utils import timezone

from accounts.access import Access
from accounts.models import ApiToken

TOKEN_START = "atl"


def hash_of(secret: str) -> str:
    """What is stored of a secret with 256 random bits: one SHA-256 is enough for those."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_token(text: str) -> ApiToken | None:
    """The token of `atl_<prefix>_<secret>`, if it may be used now; compared in constant time."""
    start, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
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
    """The person's own tokens, newest first."""
    return (
        ApiToken.objects.filter(user_id=access.user_id)
        .select_related("organization")
        .order_by("-id")
    )
