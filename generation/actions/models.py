"""Which models the site serves."""

from __future__ import annotations

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
    """Add a model, or bring its description up to date. At most one model is the default."""
    access.require_system()
    if is_default:
        ModelVersion.objects.filter(is_default=True).update(is_default=False)
    model, _created = ModelVersion.objects.update_or_create(
        name=name,
        revision=revision,
        defaults={
            "engine": engine,
            "licence": licence,
            "default_steps": default_steps,
            "default_cfg": default_cfg,
            "is_preview": is_preview,
            "is_default": is_default,
            "is_enabled": True,
        },
    )
    return model


@transaction.atomic
def disable_models_without_engine(*, access: Access, engines: list[str]) -> int:
    """Take models out of the form that no configured engine can serve; return how many."""
    access.require_system()
    return (
        ModelVersion.objects.exclude(engine__in=engines)
        .filter(is_enabled=True)
        .update(is_enabled=False, is_default=False)
    )
