"""Narrowing down the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.wording import all_words


class TrailFilter(forms.Form):
    """Whose deeds, which ones, and from where on; anything unknown is as if not asked."""

    person = forms.TypedChoiceField(label=_("Person"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("Action"), required=False)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, action = self.fields["person"], self.fields["action"]
        person.choices = [("", _("Everybody")), *people]  # type: ignore[attr-defined]
        action.choices = [  # type: ignore[attr-defined]
            ("", _("Every action")),
            *sorted(
                ((code, str(words.label)) for code, words in all_words().items()),
                key=lambda choice: choice[1],
            ),
        ]

    def wish(self) -> dict[str, Any]:
        """What to look for; empty where the address says nothing sensible."""
        self.full_clean()
        return {
            "person_id": self.cleaned_data.get("person"),
            "action": self.cleaned_data.get("action", ""),
            "before": self.cleaned_data.get("before"),
        }
