"""A picture to begin with: the part of a form that asks for it."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assets.models import Image
from generation.policies import LEAST_STRENGTH, USUAL_STRENGTH

STRENGTH_STEP = 0.05
STRENGTH_WORDS = (
    (0.3, _("stays close to the picture")),
    (0.55, _("keeps composition and colours")),
    (0.8, _("keeps the composition")),
    (1.0, _("hardly keeps anything")),
)


class InputImageChoice(forms.Form):
    """Asks for an input image and how much of it is drawn anew.

    A form that has this as a base calls `offer_input_images` when it is made, and `settle_strength`
    when it is cleaned.
    """

    input_image = forms.ModelChoiceField(
        Image.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.HiddenInput(attrs={"data-input-image": ""}),
        error_messages={
            "invalid_choice": _("This picture is no longer there. Choose another one.")
        },
    )
    strength = forms.FloatField(
        label=_("Strength"),
        required=False,
        initial=USUAL_STRENGTH,
        widget=forms.NumberInput(
            attrs={"type": "range", "min": LEAST_STRENGTH, "max": 1, "step": STRENGTH_STEP}
        ),
    )

    def offer_input_images(self, pictures: QuerySet[Image]) -> None:
        """Take these pictures and no others."""
        cast("forms.ModelChoiceField[Image]", self.fields["input_image"]).queryset = pictures

    @property
    def input_picture(self) -> Image | None:
        """The picture that is chosen now, if it can be."""
        try:
            chosen: Image | None = self.fields["input_image"].clean(self["input_image"].value())
        except forms.ValidationError:
            return None
        return chosen

    def settle_strength(self, cleaned: dict[str, Any], *, has_strength: bool) -> None:
        """Without a picture, or with a model that has none, the strength is 1 whatever was sent."""
        if cleaned.get("input_image") is None or not has_strength:
            cleaned["strength"] = 1.0
            self.errors.pop("strength", None)
        elif "strength" in cleaned and cleaned["strength"] is None:
            cleaned["strength"] = USUAL_STRENGTH

    @property
    def strength_words(self) -> str:
        """What strengths mean, each up to a number, as the page reads it: `0.3=little;1=all`."""
        return ";".join(f"{limit:g}={words}" for limit, words in STRENGTH_WORDS)
