"""Policies and quotas as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.api.fields import Moment
from generation.limits import Caps, HoursRule, PolicyValues, Rules
from generation.queries.meters import Meter
from generation.quotas import Period, Scope, Unit, Who


def _choices(kind: type[Scope | Who | Unit | Period]) -> list[tuple[str, str]]:
    return [(each.value, each.value) for each in kind]


class HoursSerializer(serializers.Serializer[Any]):
    """Working hours."""

    timezone = serializers.CharField()
    windows = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField())),
        help_text="Spans by weekday, from 0 for Monday to 6 for Sunday.",
    )
    holidays = serializers.ListField(child=serializers.DateField())
    extra_days = serializers.ListField(child=serializers.DateField())


class SaidSerializer(serializers.Serializer[PolicyValues]):
    """What one policy says; null says nothing."""

    max_side = serializers.IntegerField(allow_null=True)
    max_pixels = serializers.IntegerField(allow_null=True)
    min_steps = serializers.IntegerField(allow_null=True)
    max_steps = serializers.IntegerField(allow_null=True)
    max_images_per_request = serializers.IntegerField(allow_null=True)
    max_running_per_person = serializers.IntegerField(allow_null=True)
    max_running = serializers.IntegerField(allow_null=True)
    max_people_running = serializers.IntegerField(allow_null=True)
    max_waiting_per_person = serializers.IntegerField(allow_null=True)
    max_requests_per_minute = serializers.IntegerField(allow_null=True)
    person_images_per_day = serializers.IntegerField(allow_null=True)
    person_images_per_month = serializers.IntegerField(allow_null=True)
    person_gpu_seconds_per_day = serializers.IntegerField(allow_null=True)
    person_gpu_seconds_per_month = serializers.IntegerField(allow_null=True)
    images_per_day = serializers.IntegerField(allow_null=True)
    images_per_month = serializers.IntegerField(allow_null=True)
    gpu_seconds_per_day = serializers.IntegerField(allow_null=True)
    gpu_seconds_per_month = serializers.IntegerField(allow_null=True)
    allowed_models = serializers.ListField(child=serializers.IntegerField(), allow_null=True)
    hours_rule = serializers.ChoiceField(choices=HoursRule.choices, allow_blank=True)
    hours = HoursSerializer(allow_null=True)
    shrink = serializers.BooleanField(allow_null=True)
    retention_days = serializers.IntegerField(allow_null=True)


class CapsSerializer(serializers.Serializer[Caps]):
    """What there may be at once in one scope; null is without a limit."""

    scope = serializers.ChoiceField(choices=_choices(Scope))
    max_running_per_person = serializers.IntegerField(allow_null=True)
    max_running = serializers.IntegerField(allow_null=True)
    max_people_running = serializers.IntegerField(allow_null=True)
    max_waiting_per_person = serializers.IntegerField(allow_null=True)
    max_requests_per_minute = serializers.IntegerField(allow_null=True)


class HoldsSerializer(serializers.Serializer[Any]):
    """What holds, with the usual limits and those of the organization put together."""

    max_side = serializers.IntegerField()
    max_pixels = serializers.IntegerField()
    min_steps = serializers.IntegerField()
    max_steps = serializers.IntegerField()
    max_images_per_request = serializers.IntegerField()
    caps = CapsSerializer(many=True)
    allowed_models = serializers.ListField(
        child=serializers.IntegerField(), allow_null=True, help_text="Null is every model."
    )
    hours = HoursSerializer(many=True, help_text="All of them have to be open. None is always.")
    refuses_outside_hours = serializers.BooleanField(help_text="Else requests wait.")
    shrink = serializers.BooleanField()
    retention_days = serializers.IntegerField(allow_null=True, help_text="Null is for good.")
    is_open = serializers.BooleanField(help_text="Whether pictures are made now.")
    opens_at = Moment(allow_null=True, help_text="When they are. Null is not for a year.")


class PolicySerializer(serializers.Serializer[Any]):
    """A policy: what it says itself, and what holds."""

    says = SaidSerializer()
    holds = HoldsSerializer()


class QuotaSerializer(serializers.Serializer[Meter]):
    """One quota, and what is used of it. GPU seconds that nobody knows yet are estimated."""

    scope = serializers.ChoiceField(choices=_choices(Scope), source="quota.scope")
    who = serializers.ChoiceField(
        choices=_choices(Who), source="quota.who", help_text="`person` is the caller."
    )
    unit = serializers.ChoiceField(choices=_choices(Unit), source="quota.unit")
    period = serializers.ChoiceField(choices=_choices(Period), source="quota.period")
    most = serializers.FloatField(source="quota.most")
    used = serializers.FloatField(source="use.used")
    reserved = serializers.FloatField(source="use.reserved", help_text="What waits and runs.")
    resets_at = Moment()


class UsageSerializer(serializers.Serializer[Any]):
    """The quotas that hold, and whether pictures are made now."""

    is_open = serializers.BooleanField(help_text="Whether pictures are made now.")
    opens_at = Moment(allow_null=True, help_text="When they are. Null is not for a year.")
    quotas = QuotaSerializer(many=True)


def usage_shown(rules: Rules, meters: Sequence[Meter], *, now: datetime) -> dict[str, Any]:
    """Quotas and hours, as `UsageSerializer` describes them."""
    shown: dict[str, Any] = UsageSerializer(
        {
            "is_open": rules.limits.is_open(now),
            "opens_at": rules.limits.opens_at(now),
            "quotas": meters,
        }
    ).data
    return shown


def policy_shown(values: PolicyValues, rules: Rules) -> dict[str, Any]:
    """A policy and what holds, as `PolicySerializer` describes it."""
    now, limits = timezone.now(), rules.limits
    shown: dict[str, Any] = PolicySerializer(
        {
            "says": asdict(values),
            "holds": {
                "max_side": limits.max_side,
                "max_pixels": limits.max_pixels,
                "min_steps": limits.min_steps,
                "max_steps": limits.max_steps,
                "max_images_per_request": limits.max_images_per_request,
                "caps": [
                    _caps(Scope.PROJECT, rules.project_caps),
                    _caps(Scope.ORGANIZATION, rules.organization_caps),
                ],
                "allowed_models": None
                if limits.allowed_models is None
                else sorted(limits.allowed_models),
                "hours": [hours.to_json() for hours in limits.hours],
                "refuses_outside_hours": limits.refuses_outside_hours,
                "shrink": limits.shrinks,
                "retention_days": rules.retention_days,
                "is_open": limits.is_open(now),
                "opens_at": limits.opens_at(now),
            },
        }
    ).data
    return shown


def _caps(scope: Scope, caps: Caps) -> dict[str, Any]:
    return {
        "scope": scope.value,
        "max_running_per_person": caps.per_person,
        "max_running": caps.everybody,
        "max_people_running": caps.people,
        "max_waiting_per_person": caps.waiting_per_person,
        "max_requests_per_minute": caps.requests_per_minute,
    }
