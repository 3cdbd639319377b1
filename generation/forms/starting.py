"""The addresses that open the form filled in."""

from __future__ import annotations

from typing import Any

from django import forms

from generation.forms.lora_choice import lora_settings
from generation.queries.starting import Start
from generation.types import Keep

LARGEST_ID = 2**63 - 1


class StartForm(forms.Form):
    """What the address of the form may say; each names something to begin with."""

    from_image = forms.UUIDField(required=False)
    again = forms.UUIDField(required=False)
    input_image = forms.UUIDField(required=False)
    template = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    seed = forms.CharField(required=False)
    keep = forms.TypedChoiceField(
        choices=[(each.value, each.value) for each in Keep],
        coerce=Keep,
        required=False,
        empty_value=Keep.ALL,
    )

    def add_prefix(self, field_name: str) -> str:
        """`from` and `input` are words of Python's own: the fields have longer names."""
        return {"from_image": "from", "input_image": "input"}.get(field_name, field_name)


def initial_of(start: Start) -> dict[str, Any]:
    """Where the fields of the form that asks begin. A strength belongs to a picture."""
    settings = {**start.settings}
    if settings.get("strength") is None or start.input_uid is None:
        settings.pop("strength", None)
    if start.recalled:
        settings["recalled"] = start.recalled.uid
    return {**settings, "input_image": start.input_uid, **lora_settings(start.loras)}
