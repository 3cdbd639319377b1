"""Asking for pictures, taking the ask back, asking again."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.using import record_uses
from assets.types import UseKind
from generation.admission import check_may_ask, check_may_retry
from generation.checked_asks import check_ask
from generation.demands import demand_of, position_at, settings_of_jobs
from generation.dispatch import ring
from generation.models import GenerationJob, GenerationRequest, ModelVersion
from generation.news import tell_job
from generation.queries.limits import rules_of_project
from generation.queries.starting import usable_pictures
from generation.types import FINAL, WAITING, ImageAsk, JobStatus
from generation.waiting_work import hold_line_of


@transaction.atomic
def request_images(*, access: Access, project: Project, ask: ImageAsk) -> GenerationRequest:
    """Write down what a person asks for: one request, one waiting job per picture.

    Raises:
        InvalidInput: `field` names the input that the policy or the model refuses.
        LimitExceeded: the person has too many pictures waiting, asks too often, or a quota is used.
    """
    access.require(Permission.REQUEST_IMAGES, project.pk)
    person_id = _person(access)
    hold_line_of(person_id)
    if known := _asked_before(project, person_id, ask):
        return known
    rules = rules_of_project(project.pk)
    checked = check_ask(access=access, project=project, rules=rules, ask=ask)
    check_may_ask(
        person_id=person_id, project=project, rules=rules, model=checked.model, ask=checked.ask
    )
    request = GenerationRequest.objects.create(
        project=project,
        created_by_id=person_id,
        ticket=ask.ticket,
        policy_verdict={"result": "allowed"},
        **checked.columns,
    )
    _queue_jobs(request, checked.model, checked.ask)
    if request.input_image is not None:
        record_uses(
            access=access,
            images=[request.input_image],
            kind=UseKind.INPUT,
            request_id=request.pk,
        )
    record(
        access,
        "generation.request.created",
        request,
        organization_id=project.organization_id,
        project_id=project.pk,
        count=request.count,
        model=checked.model.name,
    )
    _count_recall(access, project, request, ask)
    transaction.on_commit(ring)
    return request


@transaction.atomic
def cancel_job(*, access: Access, job: GenerationJob) -> None:
    """Take a waiting job out of the queue, or ask a running one to stop at its next step."""
    access.require_work_of(job.created_by_id, job.project_id)
    if not _cancel(job):
        raise InvalidTransition(_("This picture is already finished."))
    _record_change(access, "generation.job.cancelled", job)


@transaction.atomic
def cancel_request(*, access: Access, request: GenerationRequest) -> int:
    """Cancel every picture of the request that is not finished; return how many."""
    access.require_work_of(request.created_by_id, request.project_id)
    hold_line_of(request.created_by_id)
    cancelled = 0
    for job in request.jobs.exclude(status__in=FINAL).order_by("start_at", "position", "pk"):
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
    access.require_work_of(job.created_by_id, job.project_id)
    hold_line_of(job.created_by_id)
    check_may_retry(job=job, rules=rules_of_project(job.project_id))
    # What was read before may have been edited since; nobody edits while the line is held.
    request = GenerationRequest.objects.select_related("model_version").get(pk=job.request_id)
    demand = demand_of(
        request.model_version,
        width=request.width,
        height=request.height,
        may_shrink=request.may_shrink,
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


def _count_recall(
    access: Access, project: Project, request: GenerationRequest, ask: ImageAsk
) -> None:
    """The picture whose settings were used again, if it is still there, was used once more."""
    if ask.recalled_uid is None:
        return
    recalled = usable_pictures(access, project).filter(uid=ask.recalled_uid)
    record_uses(access=access, images=list(recalled), kind=UseKind.RECALL, request_id=request.pk)


def _queue_jobs(request: GenerationRequest, model: ModelVersion, ask: ImageAsk) -> None:
    now = timezone.now()
    shared = settings_of_jobs(model, ask, may_shrink=request.may_shrink)
    GenerationJob.objects.bulk_create(
        GenerationJob(
            request=request,
            project_id=request.project_id,
            created_by_id=request.created_by_id,
            index=index,
            seed=request.seed + index,
            status=JobStatus.QUEUED if ask.start_at is None else JobStatus.SCHEDULED,
            start_at=ask.start_at,
            queued_at=now,
            position=position_at(now),
            **shared,
        )
        for index in range(request.count)
    )


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
