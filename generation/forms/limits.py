"""The form of a project's limits."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from generation.limits import PolicyValues
from generation.models import UsagePolicy


class LimitsForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The numbers of a usage policy; `change_policy` writes them."""

    class Meta:
        model = UsagePolicy
        fields = (
            "max_side",
            "max_steps",
            "max_images_per_request",
            "max_running_per_person",
            "max_waiting_per_person",
        )
        help_texts = {
            "max_side": _("Twice the side is four times the pixels, and as much more of the GPU."),
            "max_steps": _("Z-Image-Turbo needs 8."),
            "max_images_per_request": _("How many pictures can be asked for at once."),
            "max_running_per_person": _(
                "How many workers one person can keep busy, so that the others get their turn."
            ),
            "max_waiting_per_person": _("How many pictures one person can have in the line."),
        }

    def __init__(self, data: QueryDict | None = None, *, values: PolicyValues) -> None:
        super().__init__(data, initial=asdict(values))
        self._values = values
        for name, field in self.fields.items():
            least, most = _bounds(name)
            field.widget.attrs |= {"min": least, "max": most}
            field.help_text = _("%(help)s From %(least)d to %(most)d.") % {
                "help": field.help_text,
                "least": least,
                "most": most,
            }

    def to_values(self) -> PolicyValues:
        """The valid form as a policy; what it does not ask for stays as it was."""
        return replace(self._values, **self.cleaned_data)


def _bounds(name: str) -> tuple[int, int]:
    """What the column's validators allow, for the browser and the reader."""
    column = cast("models.Field[int, int]", UsagePolicy._meta.get_field(name))
    least = next(each for each in column.validators if isinstance(each, MinValueValidator))
    most = next(each for each in column.validators if isinstance(each, MaxValueValidator))
    return least.limit_value, most.limit_value
