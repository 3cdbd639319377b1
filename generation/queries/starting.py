"""What the form that asks for pictures starts from: an image, a request, a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Project
from assets.models import Image, TemplateVersion
from assets.queries.images import image_for
from assets.queries.templates import usable_version
from assets.suggestions import Suggestions
from assets.types import VersionStatus
from generation.models import GenerationRequest, ModelVersion
from generation.queries.models import enabled_models
from generation.queries.requests import request_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the form begins.

    `settings` are values of the form's fields by name. With a `version` the prompt comes from a
    template, and `values` are those of its variables. `request` is the one being asked again.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    version: TemplateVersion | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    parent: Image | None = None
    request: GenerationRequest | None = None


def start_from_image(access: Access, project: Project, uid: UUID) -> Start:
    """Everything that made an image, with the image as parent; `NotVisible` for strangers."""
    image = image_for(access, uid)
    model = _model_of(image)
    template = (image.metadata.get("words") or {}).get("template") or {}
    version = _still_usable(access, project, image.template_version_id)
    return Start(
        settings={
            "prompt": image.prompt,
            "negative_prompt": image.negative_prompt,
            "width": image.width,
            "height": image.height,
            "steps": image.steps,
            "cfg": image.cfg,
            "seed": image.seed,
            "random_seed": False,
            "count": 1,
            "model_version": model.pk if model else None,
            "parent": image.uid,
        },
        version=version,
        values=template.get("values") or {},
        parent=image,
    )


def start_from_request(access: Access, project: Project, request_id: UUID) -> Start:
    """Everything that a request asked for; `NotVisible` for strangers."""
    request = request_for(access, request_id)
    return Start(
        settings={
            "prompt": request.prompt,
            "negative_prompt": request.negative_prompt,
            "width": request.width,
            "height": request.height,
            "steps": request.steps,
            "cfg": request.cfg,
            "seed": request.seed,
            "random_seed": False,
            "count": request.count,
            "model_version": request.model_version_id,
            "may_shrink": request.may_shrink,
            "parent": request.parent_image.uid if request.parent_image else None,
        },
        version=_still_usable(access, project, request.template_version_id),
        values=request.template_values,
        parent=request.parent_image,
        request=request,
    )


def start_from_template(access: Access, project: Project, template_id: int) -> Start:
    """A template as its link opens it; `NotVisible` when it cannot be used in this project."""
    version = usable_version(access, template_id)
    if version.template.organization_id != project.organization_id:
        raise NotVisible
    suggested = Suggestions.from_json(version.defaults)
    numbers = {
        "width": suggested.width,
        "height": suggested.height,
        "steps": suggested.steps,
        "cfg": suggested.cfg,
    }
    chosen = {name: value for name, value in numbers.items() if value is not None}
    return Start(
        settings={"negative_prompt": version.negative_prompt, **chosen},
        version=version,
        values=suggested.examples,
    )


def usable_versions(access: Access, project: Project) -> QuerySet[TemplateVersion]:
    """Every published version of the templates in the library of the project's organization."""
    return (
        TemplateVersion.objects.visible_to(access)
        .filter(
            status=VersionStatus.PUBLISHED,
            template__organization_id=project.organization_id,
            template__retired_at__isnull=True,
        )
        .select_related("template")
    )


def templates_to_choose(access: Access, project: Project) -> list[tuple[int, str]]:
    """Ids and names of the templates that can be used in a project, by name."""
    rows = usable_versions(access, project).order_by("template__name", "template_id")
    return list(rows.values_list("template_id", "template__name").distinct())


def _still_usable(
    access: Access, project: Project, version_id: int | None
) -> TemplateVersion | None:
    if version_id is None:
        return None
    return usable_versions(access, project).filter(pk=version_id).first()


def _model_of(image: Image) -> ModelVersion | None:
    """The model that made the image, if it still takes requests."""
    revision = image.metadata.get("model", {}).get("revision")
    models = [each for each in enabled_models() if each.name == image.model_name]
    return next((each for each in models if each.revision == revision), None)
