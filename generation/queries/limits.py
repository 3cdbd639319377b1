"""What the policies say."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accounts.models import Organization, Project
from generation.limits import NOTHING_SAID, Limits, PolicyValues, Rules, rules_of
from generation.models import OrganizationPolicy, UsagePolicy


def rules_for(project_ids: Collection[int]) -> Mapping[int, Rules]:
    """The rules of each of these projects, in one query."""
    projects = Project.objects.filter(pk__in=project_ids).select_related(
        "usage_policy", "organization__usage_policy"
    )
    return {
        project.pk: rules_of(
            project=_values(project),
            organization=_values(project.organization),
            time_zone=project.organization.time_zone,
        )
        for project in projects
    }


def rules_of_project(project_id: int) -> Rules:
    """Everything that holds in the project."""
    return rules_for([project_id])[project_id]


def limits_of(project_id: int) -> Limits:
    """What one ask in the project may hold."""
    return rules_of_project(project_id).limits


def policy_of(project_id: int) -> PolicyValues:
    """What the project's own policy says."""
    policy = UsagePolicy.objects.filter(pk=project_id).first()
    return policy.values if policy else NOTHING_SAID


def policy_of_organization(organization_id: int) -> PolicyValues:
    """What the organization's policy says."""
    policy = OrganizationPolicy.objects.filter(pk=organization_id).first()
    return policy.values if policy else NOTHING_SAID


def rules_of_organization(organization: Organization) -> Rules:
    """Everything that holds in the organization, and so in a project that says nothing itself."""
    return rules_of(
        organization=policy_of_organization(organization.pk), time_zone=organization.time_zone
    )


def _values(owner: Project | Organization) -> PolicyValues:
    policy: UsagePolicy | OrganizationPolicy | None = getattr(owner, "usage_policy", None)
    return policy.values if policy else NOTHING_SAID
