"""What an operator decides about models: who may choose them, and what suits them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition
from generation.engines.checking import LARGEST_CFG, MOST_STEPS
from generation.models import ModelVersion
from generation.tiers import TiersInvalid, tiers_from_json, tiers_to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """What an operator can say about a model.

    `vram_tiers` is JSON that `generation.tiers.tiers_from_json` reads; `None` means the usual ones.
    """

    description: str = ""
    default_steps: int = 8
    default_cfg: float = 1.0
    vram_tiers: list[dict[str, Any]] | None = None


@transaction.atomic
def enable_model(*, access: Access, model: ModelVersion) -> None:
    """Let people choose the model again."""
    access.require_operator()
    _move(model, {"is_enabled": False, "retired_at": None}, is_enabled=True)
    _record(access, "enabled", model)


@transaction.atomic
def disable_model(*, access: Access, model: ModelVersion) -> None:
    """Let nobody choose the model; what already waits for it is still made."""
    access.require_operator()
    _move(model, {"is_enabled": True, "retired_at": None}, is_enabled=False)
    _record(access, "disabled", model)


@transaction.atomic
def retire_model(*, access: Access, model: ModelVersion) -> None:
    """Take the model away for good; what already waits for it is still made."""
    access.require_operator()
    _move(
        model, {"retired_at": None}, retired_at=timezone.now(), is_enabled=False, is_default=False
    )
    _record(access, "retired", model)


@transaction.atomic
def make_default(*, access: Access, model: ModelVersion) -> None:
    """Let requests that name no model get this one.

    Raises:
        InvalidTransition: nobody can choose the model, or another became the default meanwhile.
    """
    access.require_operator()
    if not model.takes_requests:
        raise InvalidTransition(_("Nobody can choose this model. Enable it first."))
    ModelVersion.objects.filter(is_default=True).exclude(pk=model.pk).update(is_default=False)
    try:
        with transaction.atomic():
            _move(model, {"is_default": False, "is_enabled": True}, is_default=True)
    except IntegrityError as error:  # two operators chose two models at the same moment
        raise InvalidTransition from error
    _record(access, "made_default", model)


@transaction.atomic
def edit_model(*, access: Access, model: ModelVersion, settings: ModelSettings) -> None:
    """Say what suits the model. Steps and CFG hold for the next request, tiers from the next start.

    Raises:
        InvalidInput: a value cannot be; `field` names it, `vram_tiers.2.side` for one of a tier.
    """
    access.require_operator()
    after = asdict(_checked(settings))
    locked = ModelVersion.objects.select_for_update().get(pk=model.pk)
    changed = {
        name: [getattr(locked, name), value]
        for name, value in after.items()
        if getattr(locked, name) != value
    }
    if not changed:
        return
    ModelVersion.objects.filter(pk=model.pk).update(**after)
    model.refresh_from_db()
    _record(access, "edited", model, changed=changed)


def _checked(settings: ModelSettings) -> ModelSettings:
    if not 1 <= settings.default_steps <= MOST_STEPS:
        raise InvalidInput(
            _("The number of steps lies between 1 and %(most)d.") % {"most": MOST_STEPS},
            field="default_steps",
        )
    if not 0 <= settings.default_cfg <= LARGEST_CFG:
        raise InvalidInput(
            _("CFG lies between 0 and %(most)g.") % {"most": LARGEST_CFG}, field="default_cfg"
        )
    description = settings.description.strip()
    if len(description) > 200:
        raise InvalidInput(_("Use at most 200 characters."), field="description")
    tiers = settings.vram_tiers
    if tiers is not None:
        try:
            tiers = tiers_to_json(tiers_from_json(tiers))
        except TiersInvalid as error:
            field = f"vram_{error.field}"
            raise InvalidInput(error.sentence, field=field) from error
    return ModelSettings(
        description=description,
        default_steps=settings.default_steps,
        default_cfg=settings.default_cfg,
        vram_tiers=tiers,
    )


def _move(model: ModelVersion, before: dict[str, Any], **after: Any) -> None:
    rows = ModelVersion.objects.filter(pk=model.pk)
    for name, value in before.items():
        rows = rows.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
    if not rows.update(**after):
        raise InvalidTransition
    model.refresh_from_db()


def _record(access: Access, happened: str, model: ModelVersion, **data: Any) -> None:
    record(access, f"generation.model.{happened}", model, organization_id=None, **data)
