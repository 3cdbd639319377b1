"""What may be asked of the GPU, and when: the values of policies, put together. Pure.

An organization has a policy, and each of its projects may have one of its own. A project can be
stricter than its organization, never looser: of two limits the tighter one holds. What no policy
says is said by the defaults. Numbers that are counted over a scope (running and waiting pictures,
requests in a minute, quotas) are not put together: each policy counts in its own scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from generation.quotas import Period, Quota, Scope, Unit, Who
from generation.working_hours import HORIZON, OFFICE_HOURS, WorkingHours


class HoursRule(TextChoices):
    """What becomes of work that is asked for outside the working hours."""

    ALWAYS = "always", _("No working hours: pictures are made at any time")
    KEEP = "keep", _("Keep it, and start when the working hours begin")
    REFUSE = "refuse", _("Refuse it")


# For teams that have said nothing: the table of the team that this product was made for.
DEFAULTS: Mapping[str, int | None] = {
    "max_side": 1024,
    "max_pixels": 1024 * 1024,
    "min_steps": 1,
    "max_steps": 50,
    "max_images_per_request": 2,
    "max_running_per_person": 2,
    "max_running": None,
    "max_people_running": 3,
    "max_waiting_per_person": 40,
    "max_requests_per_minute": 30,
    "retention_days": None,
}
DEFAULT_HOURS_RULE = HoursRule.KEEP

QUOTA_FIELDS: Mapping[str, tuple[Who, Unit, Period]] = {
    "person_images_per_day": (Who.PERSON, Unit.IMAGES, Period.DAY),
    "person_images_per_month": (Who.PERSON, Unit.IMAGES, Period.MONTH),
    "person_gpu_seconds_per_day": (Who.PERSON, Unit.GPU_SECONDS, Period.DAY),
    "person_gpu_seconds_per_month": (Who.PERSON, Unit.GPU_SECONDS, Period.MONTH),
    "images_per_day": (Who.EVERYBODY, Unit.IMAGES, Period.DAY),
    "images_per_month": (Who.EVERYBODY, Unit.IMAGES, Period.MONTH),
    "gpu_seconds_per_day": (Who.EVERYBODY, Unit.GPU_SECONDS, Period.DAY),
    "gpu_seconds_per_month": (Who.EVERYBODY, Unit.GPU_SECONDS, Period.MONTH),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValues:
    """One policy as it was written; `None` says nothing. `hours` is JSON of `WorkingHours`."""

    max_side: int | None = None
    max_pixels: int | None = None
    min_steps: int | None = None
    max_steps: int | None = None
    max_images_per_request: int | None = None
    max_running_per_person: int | None = None
    max_running: int | None = None
    max_people_running: int | None = None
    max_waiting_per_person: int | None = None
    max_requests_per_minute: int | None = None
    person_images_per_day: int | None = None
    person_images_per_month: int | None = None
    person_gpu_seconds_per_day: int | None = None
    person_gpu_seconds_per_month: int | None = None
    images_per_day: int | None = None
    images_per_month: int | None = None
    gpu_seconds_per_day: int | None = None
    gpu_seconds_per_month: int | None = None
    allowed_models: list[int] | None = None
    hours_rule: str = ""
    hours: dict[str, Any] | None = None
    shrink: bool | None = None
    retention_days: int | None = None


NOTHING_SAID = PolicyValues()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one ask may hold, in one project. `hours` have to be open, all of them."""

    max_side: int = 1024
    max_pixels: int = 1024 * 1024
    min_steps: int = 1
    max_steps: int = 50
    max_images_per_request: int = 2
    allowed_models: frozenset[int] | None = None
    hours: tuple[WorkingHours, ...] = ()
    refuses_outside_hours: bool = False
    shrinks: bool = False

    def allows_model(self, model_version_id: int) -> bool:
        """Whether pictures may be made with this model."""
        return self.allowed_models is None or model_version_id in self.allowed_models

    def fitting_steps(self, steps: int) -> int:
        """The number of steps that is allowed and comes closest."""
        return min(max(steps, self.min_steps), self.max_steps)

    def opens_at(self, now: datetime) -> datetime | None:
        """When work may start: `now` itself when it may, `None` when it will not for a year."""
        moment = now
        while moment - now <= HORIZON:
            openings = [hours.next_opening(moment) for hours in self.hours]
            known = [opening for opening in openings if opening is not None]
            if len(known) < len(openings):
                return None
            later = max(known, default=moment)
            if later == moment:
                return moment
            moment = later
        return None

    def is_open(self, now: datetime) -> bool:
        """Whether work may start now."""
        return all(hours.is_open(now) for hours in self.hours)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much there may be at once in one scope.

    Running pictures of one person, of everybody, and how many people have one running; waiting
    pictures of one person; requests of one person in a minute. `None` is without a limit.
    """

    per_person: int | None = None
    everybody: int | None = None
    people: int | None = None
    waiting_per_person: int | None = None
    requests_per_minute: int | None = None


NO_CAPS = Caps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that the policies say about one project.

    `retention_days` is how long finished requests are kept; `None` is for good.
    """

    limits: Limits
    project_caps: Caps
    organization_caps: Caps
    quotas: tuple[Quota, ...]
    time_zone: str
    retention_days: int | None = None


def rules_of(
    *,
    project: PolicyValues = NOTHING_SAID,
    organization: PolicyValues = NOTHING_SAID,
    time_zone: str,
) -> Rules:
    """Put the two policies and the defaults together; `time_zone` is the organization's."""
    return Rules(
        limits=_limits(project, organization, time_zone),
        project_caps=_caps(project, {}),
        organization_caps=_caps(organization, DEFAULTS),
        quotas=(
            *_quotas(project, Scope.PROJECT),
            *_quotas(organization, Scope.ORGANIZATION),
        ),
        time_zone=time_zone,
        retention_days=min(
            [each.retention_days for each in (project, organization) if each.retention_days],
            default=None,
        ),
    )


def hours_above(organization: PolicyValues, time_zone: str) -> WorkingHours:
    """The hours of a policy that has a rule for them and names none itself."""
    if organization.hours is not None:
        return WorkingHours.from_json(organization.hours)
    return OFFICE_HOURS(time_zone)


def contradictions(
    policy: PolicyValues, organization: PolicyValues
) -> Iterator[tuple[str, str | Promise]]:
    """What a policy cannot mean below the organization's: the field at fault, and why.

    An organization's own policy is held against itself.
    """
    least = max(_or_default(organization, "min_steps") or 1, policy.min_steps or 1)
    most = _tightest((policy, organization), "max_steps")
    if policy.max_steps is not None and policy.max_steps < least:
        yield "max_steps", _("Choose at least %(least)d, the fewest steps.") % {"least": least}
    elif policy.min_steps is not None and policy.min_steps > most:
        yield "min_steps", _("Choose at most %(most)d, the most steps.") % {"most": most}
    if policy.allowed_models is not None and not _common_models((policy, organization)):
        yield "allowed_models", _("No model is left. Choose one that may be used.")


def _limits(project: PolicyValues, organization: PolicyValues, time_zone: str) -> Limits:
    policies = (project, organization)
    # An organization that changes its range may leave a project's behind: the project gives way.
    least = _or_default(organization, "min_steps") or 1
    max_steps = max(_tightest(policies, "max_steps"), least)
    min_steps = min(max(least, project.min_steps or 1), max_steps)
    return Limits(
        max_side=_tightest(policies, "max_side"),
        max_pixels=_tightest(policies, "max_pixels"),
        min_steps=min_steps,
        max_steps=max_steps,
        max_images_per_request=_tightest(policies, "max_images_per_request"),
        allowed_models=_common_models(policies),
        hours=tuple(_hours(project, organization, time_zone)),
        refuses_outside_hours=HoursRule.REFUSE in {each.hours_rule for each in policies},
        shrinks=bool(project.shrink if project.shrink is not None else organization.shrink),
    )


def _caps(policy: PolicyValues, defaults: Mapping[str, int | None]) -> Caps:
    def said(name: str) -> int | None:
        value: int | None = getattr(policy, name)
        return defaults.get(name) if value is None else value

    return Caps(
        per_person=said("max_running_per_person"),
        everybody=said("max_running"),
        people=said("max_people_running"),
        waiting_per_person=said("max_waiting_per_person"),
        requests_per_minute=said("max_requests_per_minute"),
    )


def _or_default(policy: PolicyValues, name: str) -> int | None:
    value: int | None = getattr(policy, name)
    return DEFAULTS[name] if value is None else value


def _tightest(policies: Iterable[PolicyValues], name: str) -> int:
    """The smallest of what was said; the default where nothing was said by the organization."""
    project, organization = policies
    said = [_or_default(organization, name), getattr(project, name)]
    tightest: int = min(value for value in said if value is not None)
    return tightest


def _common_models(policies: Iterable[PolicyValues]) -> frozenset[int] | None:
    lists = [frozenset(each.allowed_models) for each in policies if each.allowed_models is not None]
    return frozenset.intersection(*lists) if lists else None


def _hours(
    project: PolicyValues, organization: PolicyValues, time_zone: str
) -> Iterator[WorkingHours]:
    """The hours that have to be open. A project that has a rule but no hours takes those of its
    organization; one that has hours but no rule takes its organization's rule.
    """
    above = hours_above(organization, time_zone)
    rule = organization.hours_rule or DEFAULT_HOURS_RULE
    if rule != HoursRule.ALWAYS:
        yield above
    own_rule = project.hours_rule or (rule if project.hours is not None else HoursRule.ALWAYS)
    if own_rule != HoursRule.ALWAYS:
        own = above if project.hours is None else WorkingHours.from_json(project.hours)
        if rule == HoursRule.ALWAYS or own != above:
            yield own


def _quotas(policy: PolicyValues, scope: Scope) -> Iterator[Quota]:
    for name, (who, unit, period) in QUOTA_FIELDS.items():
        most = getattr(policy, name)
        if most is not None:
            yield Quota(scope=scope, who=who, unit=unit, period=period, most=most)
