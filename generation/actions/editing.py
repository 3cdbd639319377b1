"""Changing what was asked for, as long as none of its pictures has begun.

The whole request changes or nothing does: the ledger is held, so that a worker that claims one of
the pictures at the same moment finds either what was asked first or what is asked now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition, NotPermitted
from assets.actions.using import record_uses
from assets.types import UseKind
from generation.admission import Held, check_may_wait
from generation.checked_asks import CheckedAsk, check_ask
from generation.demands import settings_of_jobs
from generation.dispatch import ring
from generation.ledgers import lock_ledger
from generation.models import GenerationJob, GenerationRequest
from generation.news import tell_line_changed
from generation.queries.limits import rules_for
from generation.types import WAITING, ImageAsk, JobStatus
from generation.waiting_work import has_begun, hold_line_of, let_start

# What is told apart in the audit trail and, for words, in who may change it.
WORDS = ("prompt", "prompt_typed", "negative_prompt", "template_version", "template_values")
SETTINGS = (
    "model_version",
    "width",
    "height",
    "steps",
    "cfg",
    "seed",
    "count",
    "loras",
    "input_uid",
    "strength",
)


@transaction.atomic
def edit_request(*, access: Access, request: GenerationRequest, ask: ImageAsk) -> None:
    """Ask for something else in the place of a request; its pictures keep theirs in the line.

    `ask.count` is how many pictures shall wait. What is too much of them is taken out from the
    end; cancelled ones come back before new ones are added. All checks of asking are made, apart
    from how often somebody asks. Others than the maker may not change the words: those are said in
    the maker's name.

    Raises:
        InvalidTransition: one of its pictures has begun, or somebody has edited it meanwhile.
        NotPermitted: the words of somebody else.
        InvalidInput: `field` names the input that the policy or the model refuses.
        LimitExceeded: the maker may not have as many pictures waiting, or a quota is used.
    """
    access.require_work_of(request.created_by_id, request.project_id)
    hold_line_of(request.created_by_id)
    lock_ledger()
    jobs = _untouched(request)
    waiting = [job for job in jobs if job.status in WAITING]
    rules = rules_for([request.project_id])[request.project_id]
    checked = check_ask(
        access=access, project=request.project, rules=rules, ask=ask, asked_before=request
    )
    _require_words(access, request, checked.columns)
    check_may_wait(
        person_id=request.created_by_id,
        project=request.project,
        rules=rules,
        model=checked.model,
        ask=checked.ask,
        instead_of=Held(len(waiting), sum(job.estimated_seconds for job in waiting)),
    )
    changes = _changes(request, checked.columns)
    edited = GenerationRequest.objects.filter(pk=request.pk, edited_at=request.edited_at).update(
        **checked.columns, edited_at=timezone.now()
    )
    if not edited:
        raise InvalidTransition
    _write_jobs(request, jobs, checked)
    begins_with = checked.columns["input_image"]
    if begins_with is not None and "input_uid" in changes:
        record_uses(access=access, images=[begins_with], kind=UseKind.INPUT, request_id=request.pk)
    record(
        access,
        "generation.request.edited",
        request,
        organization_id=request.project.organization_id,
        project_id=request.project_id,
        changed=changes,
    )
    transaction.on_commit(partial(tell_line_changed, request.created_by_id))
    transaction.on_commit(ring)


def _untouched(request: GenerationRequest) -> list[GenerationJob]:
    jobs = list(GenerationJob.objects.filter(request_id=request.pk).order_by("index"))
    if any(map(has_begun, jobs)):
        raise InvalidTransition(
            _(
                "One of these pictures has begun in the meantime, so they can no longer be "
                "changed. Cancel them, and ask again with other settings."
            )
        )
    if not any(job.status in WAITING for job in jobs):
        raise InvalidTransition(_("None of these pictures waits any more. Ask again instead."))
    return jobs


def _require_words(access: Access, request: GenerationRequest, columns: Mapping[str, Any]) -> None:
    is_own = access.user_id == request.created_by_id
    if not is_own and any(getattr(request, name) != columns[name] for name in WORDS):
        raise NotPermitted(_("Only who has written the words may change them."))


def _changes(request: GenerationRequest, columns: Mapping[str, Any]) -> list[str]:
    """The names of what becomes different; words themselves are not for the audit trail."""
    return [name for name in WORDS + SETTINGS if getattr(request, name) != columns[name]]


def _write_jobs(
    request: GenerationRequest, jobs: Sequence[GenerationJob], checked: CheckedAsk
) -> None:
    """Let as many pictures wait as are asked for, all of them with the new settings."""
    now = timezone.now()
    ask, columns = checked.ask, checked.columns
    of_request = GenerationJob.objects.filter(request_id=request.pk)
    waiting = [job for job in jobs if job.status in WAITING]
    missing = ask.count - len(waiting)
    if missing < 0:
        superfluous = [job.pk for job in waiting[missing:]]
        of_request.filter(pk__in=superfluous, status__in=sorted(WAITING)).delete()
    cancelled = [job.pk for job in jobs if job.status == JobStatus.CANCELLED][: max(missing, 0)]
    of_request.filter(pk__in=cancelled, status=JobStatus.CANCELLED).update(
        status=JobStatus.QUEUED,
        queued_at=now,
        finished_at=None,
        cancel_requested_at=None,
        start_at=None,
    )
    # Cancelled ones too: they may be tried again, and are then pictures of this request as it is.
    shared = settings_of_jobs(checked.model, ask, may_shrink=columns["may_shrink"])
    of_request.update(seed=columns["seed"] + F("index"), **shared)
    first = waiting[0]
    GenerationJob.objects.bulk_create(
        GenerationJob(
            request_id=request.pk,
            project_id=request.project_id,
            created_by_id=request.created_by_id,
            index=index,
            seed=columns["seed"] + index,
            status=JobStatus.QUEUED,
            queued_at=now,
            position=first.position,
            priority=first.priority,
            **shared,
        )
        for index in range(jobs[-1].index + 1, jobs[-1].index + 1 + missing - len(cancelled))
    )
    let_start(of_request, ask.start_at, now)
    GenerationRequest.objects.filter(pk=request.pk).update(count=of_request.count())
