"""Changing what an organization and its projects may ask of the GPU."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from accounts.models import Organization, Project
from accounts.roles import Permission
from generation.limits import NOTHING_SAID, PolicyValues
from generation.models import ModelVersion, OrganizationPolicy, UsagePolicy
from generation.working_hours import HoursInvalid, WorkingHours


@transaction.atomic
def change_policy(*, access: Access, project: Project, values: PolicyValues) -> UsagePolicy:
    """Say what the project may ask for. Work that already waits keeps what it was promised.

    Raises:
        InvalidInput: a limit is beyond what any project may have; `field` names it.
    """
    access.require(Permission.MANAGE_PROJECT, project.pk)
    before = UsagePolicy.objects.filter(pk=project.pk).first()
    after = _checked(values)
    policy, _created = UsagePolicy.objects.update_or_create(project=project, defaults=after)
    _record(
        access,
        policy,
        before.values if before else NOTHING_SAID,
        values,
        organization_id=project.organization_id,
        project_id=project.pk,
    )
    return policy


@transaction.atomic
def change_organization_policy(
    *, access: Access, organization: Organization, values: PolicyValues
) -> OrganizationPolicy:
    """Say what all projects of the organization may ask for, and together.

    Raises:
        InvalidInput: a limit is beyond what any organization may have; `field` names it.
    """
    access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
    before = OrganizationPolicy.objects.filter(pk=organization.pk).first()
    after = _checked(values)
    policy, _created = OrganizationPolicy.objects.update_or_create(
        organization=organization, defaults=after
    )
    _record(
        access,
        policy,
        before.values if before else NOTHING_SAID,
        values,
        organization_id=organization.pk,
    )
    return policy


def _checked(values: PolicyValues) -> dict[str, Any]:
    """The values as columns, or the first one that cannot be."""
    columns = asdict(values)
    try:
        UsagePolicy(**columns).clean_fields(exclude=["project"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise InvalidInput(sentences[0], field=field) from error
    if values.hours is not None:
        try:
            WorkingHours.from_json(values.hours)
        except HoursInvalid as error:
            raise InvalidInput(error.sentence, field="hours") from error
    if values.allowed_models is not None:
        known = ModelVersion.objects.filter(pk__in=values.allowed_models).count()
        if known != len(set(values.allowed_models)):
            raise InvalidInput(_("One of these models does not exist."), field="allowed_models")
    return columns


def _record(
    access: Access,
    policy: UsagePolicy | OrganizationPolicy,
    before: PolicyValues,
    after: PolicyValues,
    *,
    organization_id: int,
    project_id: int | None = None,
) -> None:
    old, new = asdict(before), asdict(after)
    changed = {name: [old[name], value] for name, value in new.items() if old[name] != value}
    if changed:
        record(
            access,
            "generation.policy.changed",
            policy,
            organization_id=organization_id,
            project_id=project_id,
            changed=changed,
        )
