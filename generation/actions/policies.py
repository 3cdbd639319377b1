"""Changing what a project may ask of the GPU."""

from __future__ import annotations

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from accounts.models import Project
from accounts.roles import Permission
from generation.models import UsagePolicy
from generation.queries.limits import limits_of
from generation.types import Limits


@transaction.atomic
def change_policy(*, access: Access, project: Project, limits: Limits) -> UsagePolicy:
    """Set the project's limits. Work that already waits keeps what it was promised.

    Raises:
        InvalidInput: a limit is beyond what any project may have; `field` names it.
    """
    access.require(Permission.MANAGE_PROJECT, project.pk)
    before, after = asdict(limits_of(project.pk)), asdict(limits)
    _check_bounds(after)
    policy, _created = UsagePolicy.objects.update_or_create(project=project, defaults=after)
    changed = {
        name: [before[name], value] for name, value in after.items() if before[name] != value
    }
    if changed:
        record(
            access,
            "generation.policy.changed",
            policy,
            organization_id=project.organization_id,
            project_id=project.pk,
            changed=changed,
        )
    return policy


def _check_bounds(values: dict[str, int]) -> None:
    try:
        UsagePolicy(**values).clean_fields(exclude=["project"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise InvalidInput(sentences[0], field=field) from error
