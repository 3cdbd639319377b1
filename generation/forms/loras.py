"""Registering a LoRA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.actions.loras import NewLora
from generation.engines.checking import LORA_WEIGHT_LIMIT


class LoraForm(forms.Form):
    """A file of the directory, and what people shall see of it."""

    path = forms.ChoiceField(label=_("File"))
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people see it where they choose.")
    )
    default_weight = forms.FloatField(
        label=_("Usual weight"),
        initial=1.0,
        min_value=-LORA_WEIGHT_LIMIT,
        max_value=LORA_WEIGHT_LIMIT,
        help_text=_("How strongly it acts when nobody says otherwise; 1 is as it was trained."),
    )
    trigger_words = forms.CharField(
        label=_("Words that call it"),
        max_length=200,
        required=False,
        help_text=_("What has to stand in the prompt for it to act, if anything has."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, files: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["path"].choices = [(path, path) for path in files]  # type: ignore[attr-defined]
        self.fields["default_weight"].widget.attrs["step"] = "0.05"

    def to_lora(self) -> NewLora:
        """The valid form as the action takes it."""
        return NewLora(**self.cleaned_data)
