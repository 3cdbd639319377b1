"""Which models the site serves: what the machines know of them."""

from __future__ import annotations

from collections.abc import Collection

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
    default_steps: int = 8,
    default_cfg: float = 1.0,
    is_preview: bool = False,
    is_default: bool = False,
) -> ModelVersion:
    """Add a model, or say that a known one is served. At most one model is the default.

    What an operator has said about a known model stays: whether it is enabled, its settings, its
    tiers, and which model is the default.
    """
    access.require_system()
    facts = {"engine": engine, "licence": licence, "is_preview": is_preview, "is_served": True}
    model, is_new = ModelVersion.objects.get_or_create(
        name=name,
        revision=revision,
        defaults={**facts, "default_steps": default_steps, "default_cfg": default_cfg},
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
def note_engines(*, access: Access, engines: Collection[str]) -> int:
    """Offer the models that one of these engines serves and no others; return how many changed.

    What waits for a model that is no longer served goes on waiting.
    """
    access.require_system()
    served = ModelVersion.objects.filter(engine__in=engines)
    others = ModelVersion.objects.exclude(engine__in=engines)
    return served.filter(is_served=False).update(is_served=True) + others.filter(
        is_served=True
    ).update(is_served=False)
