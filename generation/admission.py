"""Whether a person may ask now: how many wait already, how often they asked, hours and quotas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import InvalidInput, LimitExceeded
from accounts.models import Project
from generation.ledgers import estimate_seconds
from generation.limits import Limits, Rules
from generation.models import GenerationRequest, ModelVersion
from generation.queries.usage import QuotaOwner, uses_of, with_reserved
from generation.queries.waiting import waiting_of
from generation.quotas import exceeded, quota_words
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

    Raises:
        InvalidInput: the model may not be used here.
        LimitExceeded: anything that is over by itself after a while.
    """
    check_may_wait(person_id=person_id, project=project, rules=rules, model=model, ask=ask)
    _check_rate(person_id, rules.limits, timezone.now())


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
    if not rules.limits.allows_model(model.pk):
        raise InvalidInput(
            _("This model may not be used in this project. Choose another one."),
            field="model_version",
        )
    check_hours(rules, ask.start_at, now)
    more = ask.count - instead_of.images
    if more > 0:
        check_waiting(person_id, rules.limits, more=more)
    owner = QuotaOwner(project.organization_id, project.pk, person_id, rules.time_zone)
    asked = Held(ask.count, ask.count * estimate_seconds(model, ask))
    _check_quotas(owner, rules, asked, instead_of, now)


def check_waiting(person_id: int, limits: Limits, *, more: int) -> None:
    """Pass, or say that too many pictures of the person wait."""
    waiting = waiting_of(person_id)
    if waiting + more > limits.max_waiting_per_person:
        raise LimitExceeded(
            _(
                "You have %(waiting)d pictures waiting and may have %(most)d. "
                "Wait for some to finish, or cancel some."
            )
            % {"waiting": waiting, "most": limits.max_waiting_per_person}
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


def _check_rate(person_id: int, limits: Limits, now: datetime) -> None:
    latest = GenerationRequest.objects.filter(
        created_by_id=person_id, created_at__gt=now - MINUTE
    ).order_by("-created_at")
    moments = list(latest.values_list("created_at", flat=True)[: limits.max_requests_per_minute])
    if len(moments) >= limits.max_requests_per_minute:
        raise LimitExceeded(
            _("You may ask %(most)d times in a minute. Try again in %(seconds)d seconds.")
            % {
                "most": limits.max_requests_per_minute,
                "seconds": max(1, round((moments[-1] + MINUTE - now).total_seconds())),
            }
        )


def _check_quotas(
    owner: QuotaOwner, rules: Rules, asked: Held, instead_of: Held, now: datetime
) -> None:
    if asked.images <= instead_of.images and asked.seconds <= instead_of.seconds:
        return  # whoever asks for less is not stopped by what has become scarce meanwhile
    used = {quota: use for (_owner, quota), use in uses_of({owner: rules.quotas}, now=now).items()}
    over = exceeded(
        rules.quotas,
        with_reserved(owner, used),
        asked_images=asked.images - instead_of.images,
        asked_seconds=asked.seconds - instead_of.seconds,
        now=now,
        timezone=rules.time_zone,
    )
    if over:
        raise LimitExceeded(quota_words(over[0], now=now))
