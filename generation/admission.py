"""Whether a person may ask now: how many wait already, how often they asked, hours and quotas."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.errors import InvalidInput, LimitExceeded
from accounts.models import Organization, Project
from generation.ledgers import estimate_seconds
from generation.limits import Caps, Rules
from generation.models import GenerationJob, GenerationRequest, ModelVersion
from generation.queries.usage import QuotaOwner, uses_with_reserved
from generation.queries.waiting import waiting_of
from generation.quotas import Who, exceeded, quota_words
from generation.types import ImageAsk
from generation.wording import moment_words

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Held:
    """What waiting pictures take of the limits: how many, and the GPU seconds of all of them."""

    images: int = 0
    seconds: float = 0.0


NOTHING_HELD = Held()


def check_may_ask(
    *, person_id: int, project: Project, rules: Rules, model: ModelVersion, ask: ImageAsk
) -> None:
    """Pass, or say which limit stops the person and when it lets them.

    Runs in the transaction that writes the ask down, with the person's row locked.

    Raises:
        InvalidInput: the model may not be used here.
        LimitExceeded: anything that is over by itself after a while.
    """
    check_may_wait(person_id=person_id, project=project, rules=rules, model=model, ask=ask)
    _check_rate(person_id, project, rules, timezone.now())


def check_may_wait(
    *,
    person_id: int,
    project: Project,
    rules: Rules,
    model: ModelVersion,
    ask: ImageAsk,
    instead_of: Held = NOTHING_HELD,
) -> None:
    """The same, however often the person has asked. `instead_of`: what the ask takes the place of.

    Raises:
        InvalidInput: the model may not be used here.
        LimitExceeded: anything that is over by itself after a while.
    """
    now = timezone.now()
    check_model(rules, model.pk)
    check_hours(rules, ask.start_at, now)
    asked = Held(ask.count, ask.count * estimate_seconds(model, ask))
    if asked.images > instead_of.images:
        check_waiting(person_id, project, rules, more=asked.images - instead_of.images)
    if asked.images <= instead_of.images and asked.seconds <= instead_of.seconds:
        return  # whoever asks for less is not stopped by what has become scarce meanwhile
    _check_quotas(
        person_id,
        project,
        rules,
        images=asked.images - instead_of.images,
        seconds=asked.seconds - instead_of.seconds,
        now=now,
    )


def check_may_retry(*, job: GenerationJob, rules: Rules) -> None:
    """The same for one picture that shall be made after all, by whoever wants it.

    Raises:
        InvalidInput: the model may not be used here any more.
        LimitExceeded: anything that is over by itself after a while.
    """
    now = timezone.now()
    check_model(rules, job.request.model_version_id)
    check_hours(rules, None, now)
    check_waiting(job.created_by_id, job.project, rules, more=1)
    _check_quotas(
        job.created_by_id,
        job.project,
        rules,
        images=1,
        seconds=job.estimated_seconds,
        now=now,
    )


def check_model(rules: Rules, model_version_id: int) -> None:
    """Pass, or say that the model may not be used in the project."""
    if not rules.limits.allows_model(model_version_id):
        raise InvalidInput(
            _("This model may not be used in this project. Choose another one."),
            field="model_version",
        )


def check_waiting(person_id: int, project: Project, rules: Rules, *, more: int) -> None:
    """Pass, or say that too many pictures of the person wait, in the project or in all of them."""
    caps = rules.project_caps, rules.organization_caps
    if all(each.waiting_per_person is None for each in caps):
        return
    waiting = waiting_of(person_id, project)
    for counted, cap, sentence in zip(waiting, caps, _WAITING, strict=True):
        most = cap.waiting_per_person
        if most is not None and counted + more > most:
            raise LimitExceeded(sentence % {"waiting": counted, "most": most})


_WAITING = (
    _(
        "You have %(waiting)d pictures waiting in this project and may have %(most)d. "
        "Wait for some to finish, or cancel some."
    ),
    _(
        "You have %(waiting)d pictures waiting and may have %(most)d. "
        "Wait for some to finish, or cancel some."
    ),
)


def check_hours(rules: Rules, start_at: datetime | None, now: datetime) -> None:
    """Pass, or say when the working hours begin, where nothing may be asked for outside of them."""
    limits = rules.limits
    start = start_at if start_at is not None and start_at > now else now
    if limits.refuses_outside_hours and not limits.is_open(start):
        opens = limits.opens_at(start)
        raise LimitExceeded(
            _("Pictures are made in the working hours only. They begin %(when)s.")
            % {"when": moment_words(opens, rules.time_zone, now)}
            if opens
            else _("Pictures are made in the working hours only, and none are set."),
            field="start_at" if start_at is not None else "",
        )


def _check_rate(person_id: int, project: Project, rules: Rules, now: datetime) -> None:
    asked = GenerationRequest.objects.filter(
        created_by_id=person_id, created_at__gt=now - MINUTE
    ).order_by("-created_at")
    in_scope: tuple[tuple[Caps, dict[str, int]], ...] = (
        (rules.project_caps, {"project_id": project.pk}),
        (rules.organization_caps, {"project__organization_id": project.organization_id}),
    )
    for caps, scope in in_scope:
        most = caps.requests_per_minute
        if most is None:
            continue
        moments = list(asked.filter(**scope).values_list("created_at", flat=True)[:most])
        if len(moments) >= most:
            raise LimitExceeded(
                ngettext(
                    "You may ask once in a minute. Try again in %(seconds)d seconds.",
                    "You may ask %(most)d times in a minute. Try again in %(seconds)d seconds.",
                    most,
                )
                % {
                    "most": most,
                    "seconds": max(1, math.ceil((moments[-1] + MINUTE - now).total_seconds())),
                }
            )


def _check_quotas(
    person_id: int,
    project: Project,
    rules: Rules,
    *,
    images: int,
    seconds: float,
    now: datetime,
) -> None:
    if not rules.quotas:
        return
    if any(quota.who == Who.EVERYBODY for quota in rules.quotas):
        _hold_quotas_of_everybody(project)
    owner = QuotaOwner(project.organization_id, project.pk, person_id, rules.time_zone)
    over = exceeded(
        rules.quotas,
        uses_with_reserved(owner, rules.quotas, now=now),
        asked_images=images,
        asked_seconds=seconds,
        now=now,
        timezone=rules.time_zone,
    )
    if over:
        # Of several it is the one that keeps the person longest, as at the start of a picture.
        worst = max(over, key=lambda each: (each.never_fits, each.resets_at))
        raise LimitExceeded(quota_words(worst, now=now))


def _hold_quotas_of_everybody(project: Project) -> None:
    """Let all asks of the organization come one after the other: they share what is left."""
    Organization.objects.select_for_update(no_key=True).get(pk=project.organization_id)
