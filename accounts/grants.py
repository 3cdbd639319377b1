"""The only module that speaks django-guardian.

It derives guardian's rows on Project from memberships, in the transaction that changes them, and
builds the frozen `Access` of a request from those rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import CharField, Value
from guardian.shortcuts import assign_perm, remove_perm

from accounts.access import Access, Actor
from accounts.models import Membership, Organization, Project, ProjectGrant, User
from accounts.roles import (
    ORGANIZATION_PERMISSIONS,
    PROJECT_MEMBER_IN_ORGANIZATION,
    PROJECT_PERMISSIONS,
    Permission,
    Role,
)

Grants = set[tuple[int, str]]


def access_for(user: User, actor: Actor, *, organization_id: int | None = None) -> Access:
    """What the person may do now, in one query.

    With `organization_id` the access reaches no other organization (API tokens are bound to one).
    """
    if not user.is_active:
        return Access(actor=actor)
    grants = ProjectGrant.objects.filter(user_id=user.pk)
    roles = Membership.objects.filter(user_id=user.pk, is_active=True)
    if organization_id is not None:
        grants = grants.filter(content_object__organization_id=organization_id)
        roles = roles.filter(organization_id=organization_id)
    rows = grants.values_list(
        Value("grant", CharField()),
        "content_object_id",
        "content_object__organization_id",
        "permission__codename",
    ).union(
        roles.values_list(Value("role", CharField()), "project_id", "organization_id", "role"),
        all=True,
    )
    projects: defaultdict[int, set[Permission]] = defaultdict(set)
    organizations: defaultdict[int, set[Permission]] = defaultdict(set)
    for kind, project_id, organization, word in rows:
        if kind == "grant":
            projects[project_id].add(Permission(word))
        elif project_id is None:
            organizations[organization] |= ORGANIZATION_PERMISSIONS[Role(word)]
        else:
            organizations[organization] |= PROJECT_MEMBER_IN_ORGANIZATION
    return Access(
        actor=actor,
        projects={key: frozenset(held) for key, held in projects.items()},
        organizations={key: frozenset(held) for key, held in organizations.items()},
        operates_site=user.is_superuser and organization_id is None,
    )


@transaction.atomic
def apply(*, user_id: int, organization_id: int) -> None:
    """Make guardian's rows of one person in one organization what the memberships say."""
    _hold(organization_id)
    wanted = _wanted(user_id, organization_id)
    present = _present(user_id, organization_id)
    if wanted == present:
        return
    user = User.objects.get(pk=user_id)
    projects = Project.objects.in_bulk({project_id for project_id, _ in wanted ^ present})
    for project_id, codename in sorted(wanted - present):
        assign_perm(codename, user, projects[project_id])
    for project_id, codename in sorted(present - wanted):
        remove_perm(codename, user, projects[project_id])


@transaction.atomic
def apply_to_members(*, organization_id: int) -> None:
    """Make the rows right for everybody in the organization (a project was added)."""
    _hold(organization_id)
    members = Membership.objects.filter(organization_id=organization_id)
    for user_id in members.values_list("user_id", flat=True).distinct():
        apply(user_id=user_id, organization_id=organization_id)


def disagreements() -> list[tuple[int, int]]:
    """Pairs of person and organization whose guardian rows differ from their memberships."""
    pairs: Iterable[tuple[int, int]] = Membership.objects.values_list(
        "user_id", "organization_id"
    ).union(
        ProjectGrant.objects.values_list("user_id", "content_object__organization_id"),
    )
    return sorted(pair for pair in pairs if _wanted(*pair) != _present(*pair))


def _hold(organization_id: int) -> None:
    # A project that is added while somebody joins: whoever comes second has to see the other. The
    # lock lets rows that point at the organization be written meanwhile.
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _wanted(user_id: int, organization_id: int) -> Grants:
    memberships: Iterable[tuple[int | None, str]] = Membership.objects.filter(
        user_id=user_id, organization_id=organization_id, is_active=True
    ).values_list("project_id", "role")
    everywhere = list(
        Project.objects.filter(organization_id=organization_id).values_list("pk", flat=True)
    )
    return {
        (project_id, permission.value)
        for only, role in memberships
        for project_id in ([only] if only is not None else everywhere)
        for permission in PROJECT_PERMISSIONS[Role(role)]
    }


def _present(user_id: int, organization_id: int) -> Grants:
    return set(
        ProjectGrant.objects.filter(
            user_id=user_id, content_object__organization_id=organization_id
        ).values_list("content_object_id", "permission__codename")
    )
