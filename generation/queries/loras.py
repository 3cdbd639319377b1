"""The LoRAs that people can choose. They belong to the site: everybody sees the same ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from generation.models import Lora
from generation.types import LoraChoice


def enabled_loras() -> QuerySet[Lora]:
    """The LoRAs that can be asked for, by name."""
    return Lora.objects.filter(is_enabled=True).order_by("name", "pk")


def chosen_before(
    remembered: Iterable[Mapping[str, Any]],
) -> tuple[Sequence[LoraChoice], Sequence[str]]:
    """LoRAs of a request or of a picture's record, as a new ask would choose them.

    They are known by the hash of their file. Returns the choices, and the names of those that
    cannot be chosen any more.
    """
    remembered = list(remembered)
    if not remembered:
        return (), ()
    hashes = [each.get("sha256") for each in remembered]
    known = {lora.sha256: lora for lora in enabled_loras().filter(sha256__in=hashes)}
    choices = [
        LoraChoice(known[each["sha256"]].pk, float(each["weight"]))
        for each in remembered
        if each.get("sha256") in known
    ]
    missing = [str(each.get("name")) for each in remembered if each.get("sha256") not in known]
    return choices, missing
