"""The models that people can choose. Models belong to the site: everybody sees the same ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import QuerySet

from generation.models import ModelVersion


def enabled_models() -> QuerySet[ModelVersion]:
    """The models that take new requests, the default one first."""
    offered = ModelVersion.objects.filter(is_enabled=True, is_served=True)
    return offered.order_by("-is_default", "name", "pk")


def all_models() -> QuerySet[ModelVersion]:
    """Every model that the site has ever served, for those who decide which may be used."""
    return ModelVersion.objects.order_by("-is_default", "name", "pk")


def ids_of_models(names: Sequence[str]) -> list[int]:
    """The ids of the models with these names, whatever their revision."""
    return list(ModelVersion.objects.filter(name__in=names).values_list("pk", flat=True))


def model_for(
    model_version_id: int | None, *, among: Collection[int] | None = None
) -> ModelVersion | None:
    """The enabled model with this id; without an id the default one, or the first one `among`."""
    models = enabled_models()
    if model_version_id is not None:
        models = models.filter(pk=model_version_id)
    elif among is not None:
        models = models.filter(pk__in=among)
    return models.first()
