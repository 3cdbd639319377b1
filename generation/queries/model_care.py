"""Models and LoRAs as those who operate the site look after them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.access import Access
from accounts.errors import NotVisible
from generation.lora_files import list_files
from generation.models import Lora, ModelVersion
from generation.queries.canaries import CanaryState, canary_state
from generation.queries.workers import live_workers


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model as those who operate the site see it.

    `workers` are those that could draw with it now, `canaries` tell whether it draws what it drew.
    """

    model: ModelVersion
    workers: int
    is_first_choice: bool
    canaries: CanaryState

    @property
    def status(self) -> str:
        """One word: `retired`, `disabled`, `unserved` (no machine has its engine) or `enabled`."""
        if self.model.retired_at is not None:
            return "retired"
        if not self.model.is_enabled:
            return "disabled"
        return "enabled" if self.model.is_served else "unserved"


def models_of_site(access: Access) -> list[ModelRow]:
    """Every model, those that can be chosen first and the retired ones last."""
    access.require_operator()
    workers = list(live_workers(timezone.now()).values_list("engines", "model_ids"))
    models = list(ModelVersion.objects.order_by("name", "revision", "pk"))
    canaries = canary_state(models)
    first = min((each for each in models if each.takes_requests), key=_choice_order, default=None)
    rows = [
        ModelRow(
            model=each,
            workers=sum(
                each.engine in engines and (not ids or each.pk in ids) for engines, ids in workers
            ),
            is_first_choice=each == first,
            canaries=canaries[each.pk],
        )
        for each in models
    ]
    order = ("enabled", "unserved", "disabled", "retired")
    return sorted(rows, key=lambda row: (order.index(row.status), *_choice_order(row.model)))


def model_of_site(access: Access, model_id: int) -> ModelVersion:
    """One model, for an operator who wants to change it."""
    access.require_operator()
    model = ModelVersion.objects.filter(pk=model_id).first()
    if model is None:
        raise NotVisible
    return model


def loras_of_site(access: Access) -> list[Lora]:
    """Every registered LoRA, by name."""
    access.require_operator()
    return list(Lora.objects.order_by("-is_enabled", "name", "pk"))


def lora_of_site(access: Access, lora_id: int) -> Lora:
    """One LoRA, for an operator who wants to change it."""
    access.require_operator()
    lora = Lora.objects.filter(pk=lora_id).first()
    if lora is None:
        raise NotVisible
    return lora


def unregistered_lora_files(access: Access) -> list[str]:
    """The files of this machine's directory of LoRAs that nobody has registered yet."""
    access.require_operator()
    if not settings.LORA_DIR:
        return []
    known = set(Lora.objects.values_list("path", flat=True))
    return [path for path in list_files(Path(settings.LORA_DIR)) if path not in known]


def _choice_order(model: ModelVersion) -> tuple[bool, str, int]:
    """The order of `enabled_models`."""
    return (not model.is_default, model.name, model.pk)
