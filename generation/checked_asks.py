"""From what somebody asks for to the columns of a request, everything in it found and checked.

The rules that know only the ask and the project's limits are here; those that know what else waits
and was used are in `generation.admission`.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.models import Project
from assets.models import Image, TemplateVersion
from assets.types import VersionStatus
from assets.variables import VariableError, fill
from generation.input_use import InputUse, input_use
from generation.limits import Rules
from generation.lora_choices import loras_of
from generation.models import GenerationJob, GenerationRequest, ModelVersion
from generation.policies import violations
from generation.queries.models import model_for
from generation.queries.starting import usable_pictures
from generation.start_times import first_start, why_not_at
from generation.types import WAITING, ImageAsk, JobLane, JobStatus, LoraChoice

RANDOM_SEED_LIMIT = 2**32  # as large as people like to type, small enough for every tool


@dataclass(frozen=True, slots=True)
class CheckedAsk:
    """An ask that may be made: its `start_at` lies in the working hours, or is `None` for at once.

    `columns` are those of a `GenerationRequest` that say what is asked for.
    """

    ask: ImageAsk
    model: ModelVersion
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """What the model will read, and where it comes from."""

    prompt: str
    typed: str
    version: TemplateVersion | None = None
    values: Mapping[str, str] | None = None


def check_ask(
    *,
    access: Access,
    project: Project,
    rules: Rules,
    ask: ImageAsk,
    asked_before: GenerationRequest | None = None,
) -> CheckedAsk:
    """Find everything that the ask names.

    Words that are those of `asked_before` stay what they are, whatever became of their template.

    Raises:
        InvalidInput: `field` names the input that the policy, the model or the clock refuses.
    """
    model = _model(ask, rules)
    words = _kept_words(ask, asked_before) or _words(project, ask)
    for violation in violations(
        ask,
        rules.limits,
        size_multiple=model.size_multiple,
        takes_input_image=input_use(model) != InputUse.NOTHING,
        edits_input_image=input_use(model) == InputUse.EDITS,
    ):
        raise InvalidInput(violation.sentence, field=violation.field, code="policy")
    now = timezone.now()
    if ask.start_at is not None and (refusal := why_not_at(ask.start_at, now)):
        raise InvalidInput(refusal, field="start_at")
    input_image = _image_among(access, project, ask.input_image_uid, field="input_image")
    columns = {
        "prompt_typed": words.typed,
        "prompt": words.prompt,
        "negative_prompt": ask.negative_prompt.strip(),
        "template_version": words.version,
        "template_values": dict(words.values or {}),
        "model_version": model,
        "width": ask.width,
        "height": ask.height,
        "steps": ask.steps,
        "cfg": ask.cfg,
        "seed": secrets.randbelow(RANDOM_SEED_LIMIT) if ask.seed is None else ask.seed,
        "count": ask.count,
        # What a picture begins with is where it comes from, if nothing else is.
        "parent_image": _parent(access, project, ask) or input_image,
        "input_image": input_image,
        "input_uid": ask.input_image_uid,
        "strength": ask.strength,
        "loras": loras_of(ask.loras, engine=model.engine),
        "may_shrink": ask.may_shrink or rules.limits.shrinks,
    }
    start_at = first_start(ask.start_at, rules.limits, now)
    return CheckedAsk(replace(ask, start_at=start_at), model, columns)


def ask_of(request: GenerationRequest, jobs: Sequence[GenerationJob]) -> ImageAsk:
    """The request as an ask, to be changed: for as many pictures as wait of its `jobs`.

    They start when and where the first of them does.
    """
    waiting = [job for job in jobs if job.status in WAITING]
    first = waiting[0] if waiting else None
    is_scheduled = first is not None and first.status == JobStatus.SCHEDULED
    version = request.template_version
    return ImageAsk(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        width=request.width,
        height=request.height,
        steps=request.steps,
        cfg=request.cfg,
        seed=request.seed,
        count=len(waiting),
        model_version_id=request.model_version_id,
        template_version_id=version.pk if version else None,
        template_values=request.template_values,
        parent_uid=request.parent_image.uid if request.parent_image else None,
        input_image_uid=request.input_uid,
        strength=request.strength,
        loras=tuple(LoraChoice(each["id"], each["weight"]) for each in request.loras),
        may_shrink=request.may_shrink,
        lane=JobLane(first.lane) if first else JobLane.INTERACTIVE,
        start_at=first.start_at if first and is_scheduled else None,
        ticket=request.ticket,
    )


def _model(ask: ImageAsk, rules: Rules) -> ModelVersion:
    model = model_for(ask.model_version_id, among=rules.limits.allowed_models)
    if model is None:
        raise InvalidInput(
            _("This model is not available. Choose another one."), field="model_version"
        )
    return model


def _kept_words(ask: ImageAsk, before: GenerationRequest | None) -> Words | None:
    """The words of the request, if the ask has the same ones."""
    if before is None:
        return None
    by_template = (
        ask.template_version_id == before.template_version_id
        and dict(ask.template_values) == before.template_values
        and ask.template_version_id is not None
    )
    # Browsers end lines in their own way.
    by_hand = (
        ask.template_version_id is None
        and ask.prompt.strip().splitlines() == before.prompt.splitlines()
    )
    if by_template or by_hand:
        return Words(
            before.prompt, before.prompt_typed, before.template_version, before.template_values
        )
    return None


def _words(project: Project, ask: ImageAsk) -> Words:
    """The words of an ask, those of its template filled in."""
    if ask.template_version_id is None:
        prompt = ask.prompt.strip()
        if not prompt:
            raise InvalidInput(_("Say what the picture should show."), field="prompt")
        _check_length(prompt)
        return Words(prompt, ask.prompt)
    version = (
        TemplateVersion.objects.filter(
            pk=ask.template_version_id,
            status=VersionStatus.PUBLISHED,
            template__organization_id=project.organization_id,
            template__retired_at__isnull=True,
        )
        .select_related("template")
        .first()
    )
    if version is None:
        raise InvalidInput(
            _("This template is no longer available. Choose another one."),
            field="template_version",
        )
    try:
        prompt = fill(version.prompt, ask.template_values)
    except VariableError as error:
        raise InvalidInput(
            _("Fill in “%(name)s”.") % {"name": error.name}, field="template_values"
        ) from error
    _check_length(prompt)
    return Words(prompt, version.prompt, version, ask.template_values)


def _check_length(prompt: str) -> None:
    if len(prompt) > GenerationRequest.PROMPT_LIMIT:
        raise InvalidInput(
            _("The prompt is too long: at most %(most)d characters.")
            % {"most": GenerationRequest.PROMPT_LIMIT},
            field="prompt",
        )


def _parent(access: Access, project: Project, ask: ImageAsk) -> Image | None:
    """The picture whose settings were taken; it may have been deleted meanwhile."""
    if ask.parent_uid is None:
        return None
    return usable_pictures(access, project).filter(uid=ask.parent_uid).first()


def _image_among(access: Access, project: Project, uid: UUID | None, *, field: str) -> Image | None:
    """The picture of the team that an ask names, for the maker to see.

    Raises:
        InvalidInput: it is not there, or not theirs to see.
    """
    if uid is None:
        return None
    found = usable_pictures(access, project).filter(uid=uid).first()
    if found is None:
        raise InvalidInput(_("This picture is no longer there. Choose another one."), field=field)
    return found
