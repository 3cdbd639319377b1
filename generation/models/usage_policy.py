"""The limits of an organization and of its projects."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, Project
from accounts.scoping import ProjectScopedQuerySet
from generation.limits import HoursRule, PolicyValues

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def limit_field(
    label: _StrPromise, *, least: int = 1, most: int
) -> models.PositiveIntegerField[Any, Any]:
    """A number of a policy, from `least` to `most`; nothing means that the policy says nothing."""
    bounds = [MinValueValidator(least), MaxValueValidator(most)]
    return models.PositiveIntegerField(label, null=True, blank=True, validators=bounds)


class PolicyColumns(models.Model):
    """What a policy can say; each column may say nothing. `generation.limits` tells the meaning."""

    max_side = limit_field(_("largest side in pixels"), least=256, most=4096)
    max_pixels = limit_field(_("most pixels"), least=256 * 256, most=4096 * 4096)
    min_steps = limit_field(_("fewest steps"), most=100)
    max_steps = limit_field(_("most steps"), most=100)
    max_images_per_request = limit_field(_("most pictures in one request"), most=200)
    max_running_per_person = limit_field(_("pictures of one person at once"), most=64)
    max_running = limit_field(_("pictures of everybody at once"), most=1000)
    max_people_running = limit_field(_("people at once"), most=1000)
    max_waiting_per_person = limit_field(_("waiting pictures of one person"), most=10_000)
    max_requests_per_minute = limit_field(_("requests of one person in a minute"), most=600)
    person_images_per_day = limit_field(_("pictures of one person in a day"), most=1_000_000)
    person_images_per_month = limit_field(_("pictures of one person in a month"), most=10_000_000)
    person_gpu_seconds_per_day = limit_field(
        _("GPU seconds of one person in a day"), most=10_000_000
    )
    person_gpu_seconds_per_month = limit_field(
        _("GPU seconds of one person in a month"), most=100_000_000
    )
    images_per_day = limit_field(_("pictures of everybody in a day"), most=10_000_000)
    images_per_month = limit_field(_("pictures of everybody in a month"), most=100_000_000)
    gpu_seconds_per_day = limit_field(_("GPU seconds of everybody in a day"), most=100_000_000)
    gpu_seconds_per_month = limit_field(
        _("GPU seconds of everybody in a month"), most=1_000_000_000
    )
    allowed_models = models.JSONField(_("models that may be used"), null=True, blank=True)
    hours_rule = models.CharField(
        _("outside the working hours"), max_length=10, choices=HoursRule.choices, blank=True
    )
    hours = models.JSONField(_("working hours"), null=True, blank=True)
    shrink = models.BooleanField(
        _("draw smaller when the memory of the GPU is short"), null=True, blank=True
    )
    retention_days = limit_field(_("days that finished requests are kept"), most=3650)

    class Meta:
        abstract = True

    @property
    def values(self) -> PolicyValues:
        """The policy as a plain value."""
        return PolicyValues(
            **{each.name: getattr(self, each.name) for each in fields(PolicyValues)}
        )


class UsagePolicyQuerySet(ProjectScopedQuerySet["UsagePolicy"]):
    """Policies, scoped by project."""


class UsagePolicy(PolicyColumns):
    """What a project may ask of the GPU, where it says more than its organization."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="usage_policy", primary_key=True
    )

    objects = UsagePolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("usage policy")
        verbose_name_plural = _("usage policies")

    def __str__(self) -> str:
        return str(self.project)


class OrganizationPolicyQuerySet(models.QuerySet["OrganizationPolicy"]):
    """Policies of organizations."""

    def of_project(self, project_id: int) -> Self:
        """The policy of the organization that the project belongs to."""
        return self.filter(organization__projects=project_id)


class OrganizationPolicy(PolicyColumns):
    """What an organization may ask of the GPU. Without a row the defaults hold."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="usage_policy", primary_key=True
    )

    objects = OrganizationPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy of an organization")
        verbose_name_plural = _("policies of organizations")

    def __str__(self) -> str:
        return str(self.organization)
