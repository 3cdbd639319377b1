"""Weighing organizations, and people inside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.actions.sharing import LARGEST, SMALLEST


class WeightForm(forms.Form):
    """The weight of an organization; with `person`, of a member of it."""

    weight = forms.FloatField(label=_("Weight"), min_value=SMALLEST, max_value=LARGEST)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, key: str, weight: float = 1.0
    ) -> None:
        super().__init__(data, initial={"weight": weight}, auto_id=f"{key}-%s")
        self.fields["weight"].widget.attrs["step"] = "0.1"


class PersonWeightForm(WeightForm):
    """The weight of a member of an organization."""

    person = forms.EmailField(label=_("E-mail of a member"), max_length=254)
    field_order = ("person", "weight")
