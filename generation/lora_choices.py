"""Which LoRAs an ask may use."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput
from generation.models import Lora
from generation.types import LoraChoice


def loras_of(choices: Sequence[LoraChoice], *, engine: str) -> list[dict[str, object]]:
    """The chosen LoRAs as a request remembers them, in their order.

    `engine` is that of the model which they shall act on.

    Raises:
        InvalidInput: one is not there any more, is chosen twice, or is not for this engine.
    """
    if not choices:
        return []
    known = Lora.objects.filter(is_enabled=True).in_bulk([each.lora_id for each in choices])
    if len({each.lora_id for each in choices}) != len(choices) or len(known) != len(choices):
        raise InvalidInput(
            _("One of the LoRAs is not available, or was chosen twice. Choose again."),
            field="loras",
        )
    if any(lora.engine != engine for lora in known.values()):
        raise InvalidInput(
            _("This model does not take these LoRAs. Leave them out, or choose another model."),
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
