"""Which models the site serves: what the machines know of them."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.access import Access
from generation.models import ModelVersion


@transaction.atomic
def register_model(
    *,
    access: Access,
    name: str,
    revision: str,
    engine: str,
    licence: str = "",
    description: str = "",
    default_steps: int = 8,
    default_cfg: float = 1.0,
    size_multiple: int = 16,
    takes_input_image: bool = True,
    is_preview: bool = False,
    is_default: bool = False,
) -> ModelVersion:
    """Add a model, or say that a known one is served. At most one model is the default.

    What an operator has said about a known model stays: whether it is enabled or retired, its
    description, steps, CFG and tiers, and which model is the default.
    """
    access.require_system()
    facts = {
        "engine": engine,
        "licence": licence,
        "size_multiple": size_multiple,
        "takes_input_image": takes_input_image,
        "is_preview": is_preview,
        "is_served": True,
    }
    suggested = {
        "description": description,
        "default_steps": default_steps,
        "default_cfg": default_cfg,
    }
    model, is_new = ModelVersion.objects.get_or_create(
        name=name, revision=revision, defaults={**facts, **suggested}
    )
    if not is_new:
        ModelVersion.objects.filter(pk=model.pk).update(**facts)
    defaults = ModelVersion.objects.filter(is_default=True)
    if is_default and (is_new or not defaults.exists()):
        defaults.update(is_default=False)
        ModelVersion.objects.filter(pk=model.pk, retired_at__isnull=True).update(is_default=True)
    model.refresh_from_db()
    return model


@transaction.atomic
def note_served(*, access: Access, is_served: Callable[[ModelVersion], bool]) -> int:
    """Offer the models of which `is_served` says so and no others; return how many changed.

    What waits for a model that is no longer served goes on waiting.
    """
    access.require_system()
    changed = 0
    for model in ModelVersion.objects.all():
        served = is_served(model)
        rows = ModelVersion.objects.filter(pk=model.pk, is_served=not served)
        changed += rows.update(is_served=served)
    return changed
