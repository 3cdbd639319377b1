"""Which LoRAs people can choose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition
from generation.engines.checking import LORA_WEIGHT_LIMIT
from generation.lora_files import LoraFileRefused, measure
from generation.models import Lora

REFUSALS = {
    "outside": _("This file lies outside the directory of LoRAs."),
    "missing": _("There is no such file in the directory of LoRAs."),
    "kind": _("Only .safetensors files can be registered: other formats can carry code."),
    "damaged": _("This is not a safetensors file, or it is damaged."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLora:
    """A LoRA to register. `path` is relative to `settings.LORA_DIR`."""

    name: str
    path: str
    default_weight: float = 1.0
    trigger_words: str = ""


def register_lora(*, access: Access, new: NewLora) -> Lora:
    """Let people choose a LoRA file, known from now on by its hash.

    The file is read once, which takes a second for every few hundred megabytes.

    Raises:
        InvalidInput: the name or the file is known already, the file cannot be used, or the weight
            is too strong; `field` names the value.
    """
    access.require_operator()
    name, words = new.name.strip(), new.trigger_words.strip()
    _check(name, words, new.default_weight)
    if not settings.LORA_DIR:
        raise InvalidInput(
            _("This machine has no directory of LoRAs. Name one with ATELIER_LORA_DIR."),
            field="path",
        )
    try:
        file = measure(Path(settings.LORA_DIR), new.path)
    except LoraFileRefused as refusal:
        raise InvalidInput(REFUSALS[refusal.reason], field="path") from refusal
    if Lora.objects.filter(path=file.path).exists():
        raise InvalidInput(
            _("This file is registered already. Give a new version a new name."), field="path"
        )
    try:
        with transaction.atomic():
            lora = Lora.objects.create(
                name=name,
                path=file.path,
                sha256=file.sha256,
                bytes=file.size,
                default_weight=new.default_weight,
                trigger_words=words,
            )
            record(
                access,
                "generation.lora.registered",
                lora,
                organization_id=None,
                path=file.path,
                sha256=file.sha256,
            )
    except IntegrityError as error:
        raise InvalidInput(
            _("There is a LoRA of this name already. Choose another one."), field="name"
        ) from error
    return lora


@transaction.atomic
def enable_lora(*, access: Access, lora: Lora) -> None:
    """Let people choose the LoRA again."""
    access.require_operator()
    _move(lora, is_enabled=True)
    record(access, "generation.lora.enabled", lora, organization_id=None)


@transaction.atomic
def disable_lora(*, access: Access, lora: Lora) -> None:
    """Let nobody choose the LoRA; what was asked for with it is still made."""
    access.require_operator()
    _move(lora, is_enabled=False)
    record(access, "generation.lora.disabled", lora, organization_id=None)


def _check(name: str, words: str, weight: float) -> None:
    if not 1 <= len(name) <= 80:
        raise InvalidInput(_("Give it a name of 1 to 80 characters."), field="name")
    if len(words) > 200:
        raise InvalidInput(_("Use at most 200 characters."), field="trigger_words")
    if not abs(weight) <= LORA_WEIGHT_LIMIT:
        raise InvalidInput(
            _("The weight of a LoRA lies between %(least)g and %(most)g.")
            % {"least": -LORA_WEIGHT_LIMIT, "most": LORA_WEIGHT_LIMIT},
            field="default_weight",
        )


def _move(lora: Lora, *, is_enabled: bool) -> None:
    moved = Lora.objects.filter(pk=lora.pk, is_enabled=not is_enabled)
    if not moved.update(is_enabled=is_enabled):
        raise InvalidTransition
    lora.refresh_from_db()
