"""How allauth signs people in here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.models import User


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No open registration: people come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves."""
        return False


def display_name(user: User) -> str:
    """What allauth's messages call a person."""
    return str(user)
