"""What suits a model: its description, its usual numbers, its tiers of memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.actions.model_settings import ModelSettings
from generation.engines.checking import LARGEST_CFG, MOST_STEPS
from generation.models import ModelVersion
from generation.tiers import DEFAULT_TIERS, MOST_TIERS, STANDARD_SIDES, Tier, tiers_to_json

SPARE_ROWS = 2


class TierForm(forms.Form):
    """One row of the table of tiers; a row without a name is none."""

    name = forms.CharField(label=_("Tier"), max_length=40, required=False)
    min_free_gb = forms.FloatField(label=_("Memory from (GB)"), required=False)
    side = forms.TypedChoiceField(
        label=_("Largest side"),
        choices=[("", "–"), *((side, f"{side} px") for side in STANDARD_SIDES)],
        coerce=int,
        empty_value=None,
        required=False,
    )

    @property
    def is_blank(self) -> bool:
        """Whether nothing was said in this row: that is how a tier is taken away."""
        return not self.cleaned_data.get("name", "").strip()


class ModelForm(forms.Form):
    """The settings of a model, with the rows of its tiers in `rows`."""

    description = forms.CharField(
        label=_("Description"),
        max_length=200,
        required=False,
        help_text=_("What it is good for, in a line: people read it where they choose a model."),
    )
    default_steps = forms.IntegerField(label=_("Steps"), min_value=1, max_value=MOST_STEPS)
    default_cfg = forms.FloatField(label=_("CFG"), min_value=0, max_value=LARGEST_CFG)

    def __init__(self, data: Mapping[str, Any] | None = None, *, model: ModelVersion) -> None:
        initial = {
            "description": model.description,
            "default_steps": model.default_steps,
            "default_cfg": model.default_cfg,
        }
        super().__init__(data, initial=initial)
        self.fields["default_cfg"].widget.attrs["step"] = "0.1"
        self.rows = [self._row(data, number, tier) for number, tier in enumerate(_spread(model))]

    def is_valid(self) -> bool:
        """Whether the form and all its rows can be read."""
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    def to_settings(self) -> ModelSettings:
        """The valid form as the action takes it; the usual tiers are not written down."""
        tiers = [row.cleaned_data | {"name": row.cleaned_data["name"].strip()} for row in self.said]
        usual = tiers == tiers_to_json(DEFAULT_TIERS)
        return ModelSettings(
            description=self.cleaned_data["description"],
            default_steps=self.cleaned_data["default_steps"],
            default_cfg=self.cleaned_data["default_cfg"],
            vram_tiers=None if usual else tiers,
        )

    @property
    def said(self) -> list[TierForm]:
        """The rows that say something, in their order."""
        return [row for row in self.rows if not row.is_blank]

    def add_refusal(self, field: str, sentence: str) -> None:
        """Put the action's sentence where it belongs: `vram_tiers.1.side` is the second row."""
        _tiers, _dot, place = field.partition("vram_tiers.")
        number, _dot, column = place.partition(".")
        if number.isdecimal() and int(number) < len(self.said):
            row = self.said[int(number)]
            row.add_error(column if column in row.fields else None, sentence)
            self.add_error(None, _("Please look at the marked fields."))
        else:
            self.add_error(field if field in self.fields else None, sentence)

    def _row(self, data: Mapping[str, Any] | None, number: int, tier: Tier | None) -> TierForm:
        initial = {} if tier is None else tiers_to_json([tier])[0]
        row = TierForm(data, prefix=f"tier-{number}", initial=initial)
        row.fields["min_free_gb"].widget.attrs |= {"min": 0, "step": "0.5"}
        for name, field in row.fields.items():
            field.widget.attrs["aria-label"] = _("%(column)s, row %(number)d") % {
                "column": row.fields[name].label,
                "number": number + 1,
            }
        return row


def _spread(model: ModelVersion) -> list[Tier | None]:
    """The model's tiers and some empty rows for more."""
    tiers = list(model.tiers)
    return [*tiers, *[None] * min(SPARE_ROWS, MOST_TIERS - len(tiers))]
