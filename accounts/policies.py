"""Rules about people that need no database: who may never act on whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import DomainError, NotPermitted, Sentence


class LastAdmin(DomainError):
    """The organization would be left without anybody who can manage it."""

    code = "last_admin"
    http_status = 409
    default_sentence = _(
        "This is the only admin of the organization. Make somebody else an admin first."
    )


def somebody_else(access: Access, user_id: int, sentence: Sentence) -> None:
    """Nobody changes their own standing, not even downwards: it takes a second pair of eyes."""
    if access.user_id == user_id:
        raise NotPermitted(sentence, code="yourself")
