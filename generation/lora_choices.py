"""Which LoRAs an ask may use."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from generation.engines.checking import LORA_WEIGHT_LIMIT
from generation.models import Lora
from generation.types import LoraChoice


def loras_of(choices: Sequence[LoraChoice]) -> list[dict[str, object]]:
    """The chosen LoRAs as a request remembers them, in their order.

    Raises:
        InvalidInput: one is not there any more, is chosen twice, or acts too strongly.
    """
    if not choices:
        return []
    known = Lora.objects.filter(is_enabled=True).in_bulk([each.lora_id for each in choices])
    if len({each.lora_id for each in choices}) != len(choices) or len(known) != len(choices):
        raise InvalidInput(
            _("One of the LoRAs is not available, or was chosen twice. Choose again."),
            field="loras",
        )
    if any(abs(each.weight) > LORA_WEIGHT_LIMIT for each in choices):
        raise InvalidInput(
            _("The weight of a LoRA lies between %(least)g and %(most)g.")
            % {"least": -LORA_WEIGHT_LIMIT, "most": LORA_WEIGHT_LIMIT},
            field="loras",
        )
    return [
        {
            "id": each.lora_id,
            "name": known[each.lora_id].name,
            "path": known[each.lora_id].path,
            "sha256": known[each.lora_id].sha256,
            "weight": each.weight,
        }
        for each in choices
    ]
