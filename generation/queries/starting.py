"""What the form that asks for pictures starts from: an image, a request, a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Project
from assets.models import Image, TemplateVersion
from assets.queries.images import image_for
from assets.queries.templates import usable_version
from assets.suggestions import Suggestions
from assets.types import VersionStatus
from generation.engines.checking import SIZE_MULTIPLE
from generation.models import GenerationRequest, ModelVersion
from generation.queries.limits import limits_of
from generation.queries.loras import chosen_before
from generation.queries.models import enabled_models
from generation.queries.requests import request_for
from generation.sizes import size_like
from generation.types import Keep, LoraChoice

# What a picture that was made elsewhere may not tell.
NOT_RECORDED: Mapping[str, Promise] = {
    "steps": _("How many steps this picture took is not recorded, so the model’s own are used."),
    "cfg": _("The CFG of this picture is not recorded, so the model’s own is used."),
    "seed": _("The seed of this picture is not recorded, so it will be a random one."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the form begins.

    `settings` are values of the form's fields by name. With a `version` the prompt comes from a
    template, and `values` are those of its variables. `request` is the one being asked again.
    `input_uid` is the picture to begin with, `loras` are those that were chosen, and `left_out`
    says what of all this is not there any more. `recalled` is the image that something was taken
    from, and `keep` what.
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    version: TemplateVersion | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    parent: Image | None = None
    request: GenerationRequest | None = None
    input_uid: UUID | None = None
    loras: Sequence[LoraChoice] = ()
    left_out: Sequence[str | Promise] = ()
    recalled: Image | None = None
    keep: Keep = Keep.ALL


def start_from_image(access: Access, project: Project, uid: UUID, keep: Keep = Keep.ALL) -> Start:
    """What made an image, or a part of it, with the image as parent; `NotVisible` for strangers.

    What an imported image does not tell is left to the form, and said. A seed alone makes no
    parent: what comes of it may be another picture altogether.
    """
    image = image_for(access, uid)
    start = _taken_from(access, project, image, keep)
    settings = {**start.settings}
    unknown = [name for name in NOT_RECORDED if name in settings and settings[name] is None]
    for name in unknown:
        del settings[name]
    if "seed" in unknown:
        settings["random_seed"] = True
    return replace(
        start,
        settings=settings,
        left_out=[*start.left_out, *(NOT_RECORDED[name] for name in unknown)],
        recalled=image,
        keep=keep,
    )


def _taken_from(access: Access, project: Project, image: Image, keep: Keep) -> Start:
    """Those settings of an image that are kept; `None` for what it does not tell."""
    if keep is Keep.SEED:
        return Start(settings={"seed": image.seed, "random_seed": False})
    everything = _everything(access, project, image)
    if keep is Keep.PROMPTS:
        words = ("prompt", "negative_prompt", "parent")
        return Start(
            settings={name: everything.settings[name] for name in words},
            version=everything.version,
            values=everything.values,
            parent=image,
        )
    if keep is Keep.NO_SEED:
        others = {name: value for name, value in everything.settings.items() if name != "seed"}
        return replace(everything, settings={**others, "random_seed": True})
    return everything


def _everything(access: Access, project: Project, image: Image) -> Start:
    """All settings that made an image."""
    model = _model_of(image)
    template = (image.metadata.get("words") or {}).get("template") or {}
    version = _still_usable(access, project, image.template_version_id)
    origin = image.metadata.get("origin") or {}
    begun = _Begun.of(
        access,
        project,
        input_uid=_uid_of(origin.get("input_image")),
        loras=(image.metadata.get("model") or {}).get("loras") or [],
    )
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
            "strength": origin.get("strength"),
        },
        version=version,
        values=template.get("values") or {},
        parent=image,
        input_uid=begun.input_uid,
        loras=begun.loras,
        left_out=begun.left_out,
    )


def start_from_request(access: Access, project: Project, request_id: UUID) -> Start:
    """Everything that a request asked for; `NotVisible` for strangers."""
    request = request_for(access, request_id)
    begun = _Begun.of(access, project, input_uid=request.input_uid, loras=request.loras)
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
            "strength": request.strength,
        },
        version=_still_usable(access, project, request.template_version_id),
        values=request.template_values,
        parent=request.parent_image,
        request=request,
        input_uid=begun.input_uid,
        loras=begun.loras,
        left_out=begun.left_out,
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


def with_input(access: Access, project: Project, start: Start, uid: UUID) -> Start:
    """The same, beginning with a picture in its shape; `NotVisible` when that cannot be used."""
    image = usable_pictures(access, project).filter(uid=uid).first()
    if image is None:
        raise NotVisible
    limits = limits_of(project.pk)
    width, height = size_like(image.width, image.height, limits, multiple=SIZE_MULTIPLE)
    shape = {"width": width, "height": height, "strength": None}
    return replace(start, settings={**start.settings, **shape}, input_uid=image.uid)


def usable_pictures(access: Access, project: Project) -> QuerySet[Image]:
    """The pictures that an ask in a project may begin with: those of its organization."""
    images = Image.objects.visible_to(access).in_gallery()
    return images.filter(project__organization_id=project.organization_id).defer("metadata")


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


@dataclass(frozen=True, slots=True)
class _Begun:
    """What of an earlier picture's beginning is still there."""

    input_uid: UUID | None
    loras: Sequence[LoraChoice]
    left_out: Sequence[str | Promise]

    @classmethod
    def of(
        cls,
        access: Access,
        project: Project,
        *,
        input_uid: UUID | None,
        loras: Iterable[Mapping[str, Any]],
    ) -> Self:
        """Look for the input image among those of the team, and for the LoRAs by their files."""
        choices, missing = chosen_before(loras)
        left_out: list[str | Promise] = [
            _("The LoRA “%(name)s” is not available any more.") % {"name": name} for name in missing
        ]
        found = None
        if input_uid:
            found = usable_pictures(access, project).filter(uid=input_uid).first()
            if found is None:
                left_out.append(_("The input image is not there any more."))
        return cls(found.uid if found else None, choices, left_out)


def _uid_of(recorded: Mapping[str, Any] | None) -> UUID | None:
    """The image of the archive that a record names as the one to begin with."""
    if not recorded or recorded.get("uploaded"):
        return None
    try:
        return UUID(str(recorded.get("id")))
    except ValueError:
        return None


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
