"""The models that people can choose. Models belong to the site: everybody sees the same ones."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from generation.models import ModelVersion


def enabled_models() -> QuerySet[ModelVersion]:
    """The models that take new requests, the default one first."""
    offered = ModelVersion.objects.filter(is_enabled=True, is_served=True)
    return offered.order_by("-is_default", "name", "pk")


def ids_of_models(names: Sequence[str]) -> list[int]:
    """The ids of the models with these names, whatever their revision."""
    return list(ModelVersion.objects.filter(name__in=names).values_list("pk", flat=True))


def model_for(model_version_id: int | None) -> ModelVersion | None:
    """The enabled model with this id; without an id the default one."""
    models = enabled_models()
    if model_version_id is not None:
        models = models.filter(pk=model_version_id)
    return models.first()
