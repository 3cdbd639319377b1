"""How allauth signs people in here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignInAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No open registration: people come by invitation. The common refusals are said our way."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves."""
        return False


class LongEnough(MinimumLengthValidator):
    """Django's rule, with a refusal that every language of the site has."""

    def get_error_message(self) -> str:
        """What to do about a short password."""
        least = {"least": self.min_length}
        return gettext("This password is too short. Use at least %(least)d characters.") % least


def display_name(user: User) -> str:
    """What allauth's messages call a person."""
    return str(user)
