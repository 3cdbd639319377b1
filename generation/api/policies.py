"""Policies and usage: what may be asked of the GPU, and how much of it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.api.fields import Flag, Input, Whole
from accounts.queries.projects import organization_for, project_for
from accounts.roles import Permission, Scope
from generation.actions.policies import change_organization_policy, change_policy
from generation.api.policy_shapes import (
    PolicySerializer,
    UsageSerializer,
    policy_shown,
    usage_shown,
)
from generation.limits import HoursRule
from generation.models import UsagePolicy
from generation.queries.limits import (
    policy_of,
    policy_of_organization,
    rules_of_organization,
    rules_of_project,
)
from generation.queries.meters import meters_in_organization, meters_in_project

NUMBERS = tuple(
    field.name
    for field in UsagePolicy._meta.get_fields()
    if isinstance(field, models.PositiveIntegerField)
)


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "timezone": {"type": "string", "example": "Asia/Shanghai"},
            "windows": {
                "type": "object",
                "description": "Spans by weekday, from 0 for Monday to 6 for Sunday.",
                "additionalProperties": {
                    "type": "array",
                    "items": {"type": "array", "items": {"type": "string"}},
                },
                "example": {"0": [["09:00", "12:00"], ["13:00", "18:00"]]},
            },
            "holidays": {"type": "array", "items": {"type": "string", "format": "date"}},
            "extra_days": {"type": "array", "items": {"type": "string", "format": "date"}},
        },
        "required": ["timezone"],
        "nullable": True,
    }
)
class Hours(serializers.JSONField):
    """Working hours as JSON; the action says what is wrong with them."""

    def to_internal_value(self, data: Any) -> Any:
        """The object."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(
                _("Working hours are an object with a timezone and windows.")
            )
        return super().to_internal_value(data)


class PolicyInput(Input):
    """What a policy shall say from now on. What is left out stays; null says nothing."""

    allowed_models = serializers.ListField(
        child=Whole(), required=False, allow_null=True, max_length=1000
    )
    hours_rule = serializers.ChoiceField(
        choices=HoursRule.choices, required=False, allow_blank=True
    )
    hours = Hours(required=False, allow_null=True)
    shrink = Flag(required=False, allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """These, and every number with the bounds of its column."""
        numbers = {
            name: Whole(
                required=False,
                allow_null=True,
                min_value=_bound(name, MinValueValidator),
                max_value=_bound(name, MaxValueValidator),
            )
            for name in NUMBERS
        }
        return {**numbers, **super().get_fields()}


class ProjectPolicyView(ApiView):
    """The policy of a project."""

    required_scopes = {"GET": Scope.MANAGE, "PATCH": Scope.MANAGE}

    @extend_schema(operation_id="project_policy_retrieve", responses=PolicySerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Show what a project's own policy says, and what holds there with its organization's."""
        access = access_of(request)
        project = project_for(access, project_id)
        access.require(Permission.MANAGE_PROJECT, project.pk)
        return Response(policy_shown(policy_of(project.pk), rules_of_project(project.pk)))

    @extend_schema(
        operation_id="project_policy_change", request=PolicyInput, responses=PolicySerializer
    )
    def patch(self, request: Request, project_id: int) -> Response:
        """Change what is named. A project can be stricter than its organization, never looser."""
        access = access_of(request)
        project = project_for(access, project_id)
        access.require(Permission.MANAGE_PROJECT, project.pk)
        values = replace(policy_of(project.pk), **read_body(request, PolicyInput))
        policy = change_policy(access=access, project=project, values=values)
        return Response(policy_shown(policy.values, rules_of_project(project.pk)))


class OrganizationPolicyView(ApiView):
    """The policy of an organization."""

    required_scopes = {"GET": Scope.MANAGE, "PATCH": Scope.MANAGE}

    @extend_schema(operation_id="organization_policy_retrieve", responses=PolicySerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Show what an organization's policy says, and what holds with the usual limits."""
        access = access_of(request)
        organization = organization_for(access, slug)
        access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
        values = policy_of_organization(organization.pk)
        return Response(policy_shown(values, rules_of_organization(organization)))

    @extend_schema(
        operation_id="organization_policy_change",
        request=PolicyInput,
        responses=PolicySerializer,
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change what is named, for all projects of the organization."""
        access = access_of(request)
        organization = organization_for(access, slug)
        access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
        said = policy_of_organization(organization.pk)
        values = replace(said, **read_body(request, PolicyInput))
        policy = change_organization_policy(access=access, organization=organization, values=values)
        return Response(policy_shown(policy.values, rules_of_organization(organization)))


class ProjectUsageView(ApiView):
    """What is used of the quotas in a project."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="project_usage_retrieve", responses=UsageSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Show how much of each quota of yours and of everybody's is used, the fullest first."""
        access, now = access_of(request), timezone.now()
        project = project_for(access, project_id)
        rules = rules_of_project(project.pk)
        meters = meters_in_project(access, project, rules, now=now)
        return Response(usage_shown(rules, meters, now=now))


class OrganizationUsageView(ApiView):
    """What is used of the quotas of a whole organization."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="organization_usage_retrieve", responses=UsageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Show how much of the organization's quotas you and everybody have used."""
        access, now = access_of(request), timezone.now()
        organization = organization_for(access, slug)
        rules = rules_of_organization(organization)
        meters = meters_in_organization(access, organization, rules, now=now)
        return Response(usage_shown(rules, meters, now=now))


def _bound(name: str, kind: type[MinValueValidator | MaxValueValidator]) -> int:
    column = cast("models.Field[int, int]", UsagePolicy._meta.get_field(name))
    found: int = next(each.limit_value for each in column.validators if type(each) is kind)
    return found
