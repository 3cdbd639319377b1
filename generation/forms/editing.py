"""The form that changes what was asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from generation.forms.asking import AskForm, variable_field


class EditForm(AskForm):
    """The form that asks, filled with a request that waits.

    `seen` is which version of the request the page has shown. The words of somebody else cannot be
    changed (`own`).
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, own: bool, edited_at: datetime | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._version_now = edited_at.isoformat() if edited_at else ""
        self.initial["seen"] = self._version_now
        if not own:
            words = [variable_field(index) for index in range(len(self.variables))]
            for name in ("prompt", "negative_prompt", *words):
                if name in self.fields:
                    self.fields[name].disabled = True

    @property
    def is_stale(self) -> bool:
        """Whether somebody has edited the request since the page was opened."""
        return bool(self.cleaned_data["seen"] != self._version_now)
