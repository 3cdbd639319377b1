"""What people say about themselves."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.user import Theme


class NameForm(forms.Form):
    """The name that others see."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=User.NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class LanguageForm(forms.Form):
    """One of the site's languages."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ThemeForm(forms.Form):
    """Dark, light, or as the device."""

    theme = forms.ChoiceField(choices=Theme.choices)
