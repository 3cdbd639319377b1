"""The form of a project's limits."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from generation.models import UsagePolicy
from generation.types import Limits

HELP = {
    "max_side": _(
        "Larger pictures take more of the GPU: twice the side is four times the pixels. "
        "256 to 4096."
    ),
    "max_steps": _("Z-Image-Turbo needs 8. 1 to 100."),
    "max_images_per_request": _("How many pictures people can ask for at once. 1 to 4."),
    "max_running_per_person": _(
        "How many workers one person can occupy, so that the others get their turn. 1 to 16."
    ),
    "max_waiting_per_person": _("How many pictures one person can have in the line. 1 to 1000."),
}


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
        help_texts = HELP

    def __init__(self, data: QueryDict | None = None, *, limits: Limits) -> None:
        super().__init__(data, initial=asdict(limits))

    def to_limits(self) -> Limits:
        """The valid form as limits."""
        return Limits(**self.cleaned_data)
