"""What may be asked of the GPU, and when: the values of policies, put together. Pure.

An organization has a policy, and each of its projects may have one of its own. A project can be
stricter than its organization, never looser: of two limits the tighter one holds. What no policy
says is said by the defaults. Numbers that are counted over a scope (running pictures, quotas) are
not put together: each policy counts in its own scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from generation.quotas import Period, Quota, Scope, Unit, Who
from generation.working_hours import OFFICE_HOURS, WorkingHours


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
    max_waiting_per_person: int = 40
    max_requests_per_minute: int = 30
    allowed_models: frozenset[int] | None = None
    hours: tuple[WorkingHours, ...] = ()
    refuses_outside_hours: bool = False
    shrinks: bool = False

    def allows_model(self, model_version_id: int) -> bool:
        """Whether pictures may be made with this model."""
        return self.allowed_models is None or model_version_id in self.allowed_models

    def opens_at(self, now: datetime) -> datetime | None:
        """When work may start: `now` itself when it may, `None` when it never will."""
        moment = now
        for _round in range(30):
            later = moment
            for hours in self.hours:
                opening = hours.next_opening(later)
                if opening is None:
                    return None
                later = opening
            if later == moment:
                return moment
            moment = later
        return None

    def is_open(self, now: datetime) -> bool:
        """Whether work may start now."""
        return all(hours.is_open(now) for hours in self.hours)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much may run at once in one scope: of one person, of everybody, of how many people.

    `None` is without a limit.
    """

    per_person: int | None = None
    everybody: int | None = None
    people: int | None = None


NO_CAPS = Caps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that the policies say about one project."""

    limits: Limits
    project_caps: Caps
    organization_caps: Caps
    quotas: tuple[Quota, ...]
    time_zone: str


def rules_of(
    *,
    project: PolicyValues = NOTHING_SAID,
    organization: PolicyValues = NOTHING_SAID,
    time_zone: str,
) -> Rules:
    """Put the two policies and the defaults together; `time_zone` is the organization's."""
    return Rules(
        limits=_limits(project, organization, time_zone),
        project_caps=Caps(
            project.max_running_per_person, project.max_running, project.max_people_running
        ),
        organization_caps=Caps(
            _or_default(organization, "max_running_per_person"),
            _or_default(organization, "max_running"),
            _or_default(organization, "max_people_running"),
        ),
        quotas=(
            *_quotas(project, Scope.PROJECT),
            *_quotas(organization, Scope.ORGANIZATION),
        ),
        time_zone=time_zone,
    )


def _limits(project: PolicyValues, organization: PolicyValues, time_zone: str) -> Limits:
    policies = (project, organization)
    hours_rules = {HoursRule(each.hours_rule) for each in policies if each.hours_rule}
    return Limits(
        max_side=_tightest(policies, "max_side"),
        max_pixels=_tightest(policies, "max_pixels"),
        min_steps=max(
            [each.min_steps for each in policies if each.min_steps is not None], default=1
        ),
        max_steps=_tightest(policies, "max_steps"),
        max_images_per_request=_tightest(policies, "max_images_per_request"),
        max_waiting_per_person=_tightest(policies, "max_waiting_per_person"),
        max_requests_per_minute=_tightest(policies, "max_requests_per_minute"),
        allowed_models=_common_models(policies),
        hours=tuple(_hours(project, organization, time_zone)),
        refuses_outside_hours=HoursRule.REFUSE in hours_rules,
        shrinks=bool(project.shrink if project.shrink is not None else organization.shrink),
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
) -> Iterable[WorkingHours]:
    for policy, default in ((organization, DEFAULT_HOURS_RULE), (project, HoursRule.ALWAYS)):
        if HoursRule(policy.hours_rule or default) != HoursRule.ALWAYS:
            yield (
                WorkingHours.from_json(policy.hours) if policy.hours else OFFICE_HOURS(time_zone)
            )


def _quotas(policy: PolicyValues, scope: Scope) -> Iterable[Quota]:
    for name, (who, unit, period) in QUOTA_FIELDS.items():
        most = getattr(policy, name)
        if most is not None:
            yield Quota(scope=scope, who=who, unit=unit, period=period, most=most)
