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
from generation.limits import NOTHING_SAID, PolicyValues, contradictions
from generation.models import ModelVersion, OrganizationPolicy, UsagePolicy
from generation.queries.limits import policy_of_organization
from generation.working_hours import HoursInvalid, WorkingHours


@transaction.atomic
def change_policy(*, access: Access, project: Project, values: PolicyValues) -> UsagePolicy:
    """Say what the project may ask for. Work that already waits keeps what it was promised.

    `NOTHING_SAID` makes it take the organization's policy again.

    Raises:
        InvalidInput: a limit is beyond what any project may have, or leaves nothing to ask for;
            `field` names it.
    """
    access.require(Permission.MANAGE_PROJECT, project.pk)
    before = UsagePolicy.objects.select_for_update().filter(pk=project.pk).first()
    after = _checked(values, policy_of_organization(project.organization_id))
    policy, _created = UsagePolicy.objects.update_or_create(project=project, defaults=after)
    _record(access, project, before, policy)
    return policy


@transaction.atomic
def change_organization_policy(
    *, access: Access, organization: Organization, values: PolicyValues
) -> OrganizationPolicy:
    """Say what all projects of the organization may ask for, and together.

    `NOTHING_SAID` makes the usual limits hold again.

    Raises:
        InvalidInput: a limit is beyond what any organization may have, or leaves nothing to ask
            for; `field` names it.
    """
    access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
    policies = OrganizationPolicy.objects.select_for_update()
    before = policies.filter(pk=organization.pk).first()
    after = _checked(values, values)
    policy, _created = OrganizationPolicy.objects.update_or_create(
        organization=organization, defaults=after
    )
    _record(access, organization, before, policy)
    return policy


def _checked(values: PolicyValues, organization: PolicyValues) -> dict[str, Any]:
    """The values as columns, or the first one that cannot be."""
    columns = asdict(values)
    try:
        UsagePolicy(**columns).clean_fields(exclude=["project"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise InvalidInput(sentences[0], field=field) from error
    if values.hours is not None:
        try:
            columns["hours"] = WorkingHours.from_json(values.hours).to_json()
        except HoursInvalid as error:
            field = f"hours.{error.field}" if error.field else "hours"
            raise InvalidInput(error.sentence, field=field) from error
    if values.allowed_models is not None:
        columns["allowed_models"] = sorted(set(values.allowed_models))
        known = ModelVersion.objects.filter(pk__in=columns["allowed_models"]).count()
        if known != len(columns["allowed_models"]):
            raise InvalidInput(_("One of these models does not exist."), field="allowed_models")
    for field, sentence in contradictions(values, organization):
        raise InvalidInput(sentence, field=field)
    return columns


def _record(
    access: Access,
    place: Project | Organization,
    before: UsagePolicy | OrganizationPolicy | None,
    after: UsagePolicy | OrganizationPolicy,
) -> None:
    """Keep each value as it was and as it is; models by name, as they may be gone one day."""
    old, new = asdict(before.values if before else NOTHING_SAID), asdict(after.values)
    changed = {name: [old[name], value] for name, value in new.items() if old[name] != value}
    if "allowed_models" in changed:
        changed["allowed_models"] = [_names(each) for each in changed["allowed_models"]]
    if changed:
        project = place if isinstance(place, Project) else None
        record(
            access,
            "generation.policy.changed",
            place,
            organization_id=project.organization_id if project else place.pk,
            project_id=project.pk if project else None,
            changed=changed,
        )


def _names(models: list[int] | None) -> list[str] | None:
    if models is None:
        return None
    rows = ModelVersion.objects.filter(pk__in=models).order_by("name", "revision")
    return list(rows.values_list("name", flat=True))
