"""LoRAs with weights: the part of a form that asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from generation.engines.checking import LORA_WEIGHT_LIMIT
from generation.models import Lora
from generation.policies import MOST_LORAS
from generation.types import LoraChoice


@dataclass(frozen=True, slots=True)
class LoraRow:
    """One of the places for a LoRA; `words` are those that call the chosen one."""

    lora: forms.BoundField
    weight: forms.BoundField
    words: str


class LoraSelect(forms.Select):
    """Options that tell the page how strongly each LoRA usually acts, and what calls it."""

    loras: Mapping[str, Lora] = {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with what is known of the LoRA as data."""
        option = super().create_option(*args, **kwargs)
        lora = self.loras.get(str(option["value"]))
        if lora:
            option["attrs"] |= {
                "data-weight": f"{lora.default_weight:g}",
                "data-words": lora.trigger_words,
                "data-engine": lora.engine,
            }
        return option


class LoraChoices(forms.Form):
    """Asks for up to three LoRAs, each with a weight.

    A form that has this as a base calls `offer_loras` when it is made, and `chosen_loras` when it
    is cleaned. Without LoRAs to offer it has no fields for them.
    """

    def offer_loras(self, loras: Sequence[Lora]) -> None:
        """Offer these LoRAs and no others."""
        self.loras = {str(lora.pk): lora for lora in loras}
        if not loras:
            return
        choices = [("", _("No LoRA")), *((key, str(lora)) for key, lora in self.loras.items())]
        for number in range(1, MOST_LORAS + 1):
            select = LoraSelect()
            select.loras = self.loras
            self.fields[lora_field(number)] = forms.TypedChoiceField(
                label=_("LoRA %(number)d") % {"number": number},
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=select,
                error_messages={"invalid_choice": _("This LoRA is not available any more.")},
            )
            self.fields[weight_field(number)] = forms.FloatField(
                label=_("Weight of LoRA %(number)d") % {"number": number},
                required=False,
                widget=forms.NumberInput(
                    attrs={"min": -LORA_WEIGHT_LIMIT, "max": LORA_WEIGHT_LIMIT, "step": "0.05"}
                ),
            )

    @property
    def offers_loras(self) -> bool:
        """Whether there is any LoRA to choose."""
        return bool(self.loras)

    @property
    def has_loras(self) -> bool:
        """Whether one is chosen, or something about them needs a look."""
        return any(row.lora.value() or row.lora.errors or row.weight.errors for row in self.rows())

    def rows(self) -> Iterator[LoraRow]:
        """The places for LoRAs, in their order."""
        if not self.loras:
            return
        for number in range(1, MOST_LORAS + 1):
            choice = self[lora_field(number)]
            lora = self.loras.get(str(choice.value()))
            yield LoraRow(choice, self[weight_field(number)], lora.trigger_words if lora else "")

    def chosen_loras(self, cleaned: Mapping[str, Any], *, engine: str) -> tuple[LoraChoice, ...]:
        """The LoRAs of a form whose fields are valid, with their weights.

        What cannot be together is said beside the field at fault.
        """
        chosen: dict[int, LoraChoice] = {}
        for number in range(1, MOST_LORAS + 1 if self.loras else 1):
            lora_id = cleaned.get(lora_field(number))
            if lora_id is None:
                continue
            lora = self.loras[str(lora_id)]
            if lora_id in chosen:
                self.add_error(lora_field(number), _("This LoRA is chosen twice."))
            elif lora.engine != engine:
                self.add_error(lora_field(number), _("This model does not take this LoRA."))
            weight = cleaned.get(weight_field(number))
            chosen[lora_id] = LoraChoice(lora_id, lora.default_weight if weight is None else weight)
        return tuple(chosen.values())


def lora_field(number: int) -> str:
    """The name of the input that chooses a LoRA; numbers count from 1."""
    return f"lora_{number}"


def weight_field(number: int) -> str:
    """The name of the input of its weight."""
    return f"lora_weight_{number}"


def lora_settings(choices: Sequence[LoraChoice]) -> dict[str, Any]:
    """The values of the fields for LoRAs that were chosen before."""
    settings: dict[str, Any] = {}
    for number, choice in enumerate(choices[:MOST_LORAS], start=1):
        settings |= {lora_field(number): choice.lora_id, weight_field(number): f"{choice.weight:g}"}
    return settings
