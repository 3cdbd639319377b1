"""Asking for pictures, taking the ask back, asking again."""

from __future__ import annotations

import secrets
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted
from accounts.models import Project, User
from accounts.roles import Permission
from assets.models import Image, TemplateVersion
from assets.types import VersionStatus
from assets.variables import VariableError, fill
from generation.admission import check_may_ask, check_may_retry
from generation.demands import demand_of, position_at
from generation.dispatch import ring
from generation.input_use import InputUse, input_use
from generation.ledgers import estimate_seconds
from generation.limits import Limits
from generation.lora_choices import loras_of
from generation.models import GenerationJob, GenerationRequest, ModelVersion
from generation.news import tell_job
from generation.policies import violations
from generation.queries.limits import rules_of_project
from generation.queries.models import model_for
from generation.queries.starting import usable_pictures
from generation.types import FINAL, WAITING, ImageAsk, JobStatus

RANDOM_SEED_LIMIT = 2**32  # as large as people like to type, small enough for every tool


@transaction.atomic
def request_images(*, access: Access, project: Project, ask: ImageAsk) -> GenerationRequest:
    """Write down what a person asks for: one request, one waiting job per picture.

    Raises:
        InvalidInput: `field` names the input that the policy or the model refuses.
        LimitExceeded: the person has too many pictures waiting, asks too often, or a quota is used.
    """
    access.require(Permission.REQUEST_IMAGES, project.pk)
    person_id = _person(access)
    _hold_line_of(person_id)
    if known := _asked_before(project, person_id, ask):
        return known
    rules = rules_of_project(project.pk)
    limits = rules.limits
    model = _model(ask, limits)
    version, prompt = _words(project, ask)
    for violation in violations(
        ask,
        limits,
        size_multiple=model.size_multiple,
        takes_input_image=input_use(model) != InputUse.NOTHING,
        edits_input_image=input_use(model) == InputUse.EDITS,
    ):
        raise InvalidInput(violation.sentence, field=violation.field, code="policy")
    check_may_ask(person_id=person_id, project=project, rules=rules, model=model, ask=ask)
    request = _write_down(
        access=access,
        project=project,
        ask=ask,
        model=model,
        version=version,
        prompt=prompt,
        may_shrink=ask.may_shrink or limits.shrinks,
    )
    _queue_jobs(request, model, ask)
    record(
        access,
        "generation.request.created",
        request,
        organization_id=project.organization_id,
        project_id=project.pk,
        count=request.count,
        model=model.name,
    )
    transaction.on_commit(ring)
    return request


@transaction.atomic
def cancel_job(*, access: Access, job: GenerationJob) -> None:
    """Take a waiting job out of the queue, or ask a running one to stop at its next step."""
    access.require(Permission.REQUEST_IMAGES, job.project_id)
    _require_maker(access, job)
    if not _cancel(job):
        raise InvalidTransition(_("This picture is already finished."))
    _record_change(access, "generation.job.cancelled", job)


@transaction.atomic
def cancel_request(*, access: Access, request: GenerationRequest) -> int:
    """Cancel every picture of the request that is not finished; return how many."""
    access.require(Permission.REQUEST_IMAGES, request.project_id)
    cancelled = 0
    for job in request.jobs.exclude(status__in=FINAL):
        _require_maker(access, job)
        cancelled += _cancel(job)
    if not cancelled:
        raise InvalidTransition(_("There is nothing left to cancel: every picture is finished."))
    record(
        access,
        "generation.request.cancelled",
        request,
        organization_id=request.project.organization_id,
        project_id=request.project_id,
        count=cancelled,
    )
    return cancelled


@transaction.atomic
def retry_job(*, access: Access, job: GenerationJob) -> None:
    """Put a failed or cancelled job back into the queue with the same seed.

    Raises:
        InvalidInput: its model may not be used in the project any more.
        LimitExceeded: its maker has too many pictures waiting, a quota is used, or it is too late
            in the day.
    """
    access.require(Permission.REQUEST_IMAGES, job.project_id)
    _require_maker(access, job)
    _hold_line_of(job.created_by_id)
    check_may_retry(job=job, rules=rules_of_project(job.project_id))
    demand = demand_of(
        job.request.model_version,
        width=job.request.width,
        height=job.request.height,
        may_shrink=job.request.may_shrink,
    )
    now = timezone.now()
    retried = GenerationJob.objects.filter(
        pk=job.pk, status__in=[JobStatus.FAILED, JobStatus.CANCELLED]
    ).update(
        status=JobStatus.QUEUED,
        queued_at=now,
        position=position_at(now),
        demand=demand,
        start_at=None,
        attempts=0,
        attempt_token=None,
        worker=None,
        started_at=None,
        finished_at=None,
        cancel_requested_at=None,
        phase="",
        step=0,
        error_code="",
        error_message="",
        error_log="",
    )
    if not retried:
        raise InvalidTransition(_("Only a failed or cancelled picture can be tried again."))
    _record_change(access, "generation.job.retried", job)
    transaction.on_commit(ring)


def _person(access: Access) -> int:
    if access.user_id is None:
        raise NotPermitted(_("Pictures are requested by people, not by processes."))
    return access.user_id


def _asked_before(project: Project, person_id: int, ask: ImageAsk) -> GenerationRequest | None:
    """The request that this form has made already."""
    known = GenerationRequest.objects.filter(created_by_id=person_id, ticket=ask.ticket).first()
    if known and known.project_id != project.pk:
        raise InvalidInput(
            _("This form was sent before, in another project. Open a new one."), field="ticket"
        )
    return known


def _write_down(
    *,
    access: Access,
    project: Project,
    ask: ImageAsk,
    model: ModelVersion,
    version: TemplateVersion | None,
    prompt: str,
    may_shrink: bool,
) -> GenerationRequest:
    input_image = _image_among(access, project, ask.input_image_uid, field="input_image")
    return GenerationRequest.objects.create(
        project=project,
        created_by_id=_person(access),
        ticket=ask.ticket,
        prompt_typed=version.prompt if version else ask.prompt,
        prompt=prompt,
        negative_prompt=ask.negative_prompt.strip(),
        template_version=version,
        template_values=dict(ask.template_values) if version else {},
        model_version=model,
        width=ask.width,
        height=ask.height,
        steps=ask.steps,
        cfg=ask.cfg,
        seed=secrets.randbelow(RANDOM_SEED_LIMIT) if ask.seed is None else ask.seed,
        count=ask.count,
        # What a picture begins with is where it comes from, if nothing else is.
        parent_image=_parent(access, project, ask) or input_image,
        input_image=input_image,
        input_uid=ask.input_image_uid,
        strength=ask.strength,
        loras=loras_of(ask.loras, engine=model.engine),
        may_shrink=may_shrink,
        policy_verdict={"result": "allowed"},
    )


def _model(ask: ImageAsk, limits: Limits) -> ModelVersion:
    model = model_for(ask.model_version_id, among=limits.allowed_models)
    if model is None:
        raise InvalidInput(
            _("This model is not available. Choose another one."), field="model_version"
        )
    return model


def _words(project: Project, ask: ImageAsk) -> tuple[TemplateVersion | None, str]:
    """The template version, if one is used, and the prompt that the model will read."""
    if ask.template_version_id is None:
        prompt = ask.prompt.strip()
        if not prompt:
            raise InvalidInput(_("Say what the picture should show."), field="prompt")
        _check_length(prompt)
        return None, prompt
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
    return version, prompt


def _check_length(prompt: str) -> None:
    if len(prompt) > GenerationRequest.PROMPT_LIMIT:
        raise InvalidInput(
            _("The prompt is too long: at most %(most)d characters.")
            % {"most": GenerationRequest.PROMPT_LIMIT},
            field="prompt",
        )


def _hold_line_of(person_id: int) -> None:
    """Let the person's asks come one after the other, so that what is checked stays true."""
    User.objects.select_for_update(no_key=True).get(pk=person_id)


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


def _queue_jobs(request: GenerationRequest, model: ModelVersion, ask: ImageAsk) -> None:
    now = timezone.now()
    seconds = estimate_seconds(model, ask)
    position = position_at(now)
    demand = demand_of(
        model, width=request.width, height=request.height, may_shrink=request.may_shrink
    )
    later = ask.start_at is not None and ask.start_at > now
    GenerationJob.objects.bulk_create(
        GenerationJob(
            request=request,
            project_id=request.project_id,
            created_by_id=request.created_by_id,
            index=index,
            seed=request.seed + index,
            steps=request.steps,
            engine=model.engine,
            demand=demand,
            lane=ask.lane,
            estimated_seconds=seconds,
            status=JobStatus.SCHEDULED if later else JobStatus.QUEUED,
            start_at=ask.start_at if later else None,
            queued_at=now,
            position=position,
        )
        for index in range(request.count)
    )


def _require_maker(access: Access, job: GenerationJob) -> None:
    """Others' work is stopped or repeated only by those who manage the project."""
    if job.created_by_id != access.user_id:
        access.require(Permission.MANAGE_PROJECT, job.project_id)


def _cancel(job: GenerationJob) -> bool:
    now = timezone.now()
    mine = GenerationJob.objects.filter(pk=job.pk)
    if mine.filter(status__in=sorted(WAITING)).update(
        status=JobStatus.CANCELLED, finished_at=now, cancel_requested_at=now
    ):
        tell = partial(tell_job, job.created_by_id, job.request_id, job.pk, JobStatus.CANCELLED)
        transaction.on_commit(tell)
        return True
    return bool(mine.filter(status=JobStatus.RUNNING).update(cancel_requested_at=now))


def _record_change(access: Access, action: str, job: GenerationJob) -> None:
    record(
        access,
        action,
        job,
        organization_id=job.project.organization_id,
        project_id=job.project_id,
    )
