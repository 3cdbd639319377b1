"""The addresses that open the form filled in."""

from __future__ import annotations

from django import forms

LARGEST_ID = 2**63 - 1


class StartForm(forms.Form):
    """What the address of the form may say; each names something to begin with."""

    from_image = forms.UUIDField(required=False)
    again = forms.UUIDField(required=False)
    input_image = forms.UUIDField(required=False)
    template = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    seed = forms.CharField(required=False)

    def add_prefix(self, field_name: str) -> str:
        """`from` and `input` are words of Python's own: the fields have longer names."""
        return {"from_image": "from", "input_image": "input"}.get(field_name, field_name)
