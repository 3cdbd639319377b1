"""Finding members and what may be done with them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Membership, Organization, Project, User
from accounts.roles import Permission, Role


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One membership as its manager sees it."""

    membership: Membership
    is_oneself: bool
    is_only_admin: bool
    may_deactivate: bool
    may_reactivate: bool

    @property
    def place(self) -> Project | Organization:
        """What the membership opens."""
        return self.membership.project or self.membership.organization

    @property
    def may_change(self) -> bool:
        """Whether another role can be given."""
        return self.membership.is_active and not self.is_oneself and not self.is_only_admin

    @property
    def may_remove(self) -> bool:
        """Whether the membership can be ended."""
        return not self.is_oneself and not self.is_only_admin


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose memberships the actor may manage in an organization.

    An admin of the organization reaches everybody, an admin of projects the people who were added
    to those projects. `projects` are the ones to which they may invite, by name.
    """

    organization: Organization
    everywhere: bool
    projects: list[Project]


def reach_of(access: Access, organization: Organization) -> Reach:
    """How far the actor manages members; refused when not at all."""
    everywhere = access.allows_in_organization(Permission.MANAGE_MEMBERS, organization.pk)
    projects = (
        Project.objects.visible_to(access, Permission.MANAGE_MEMBERS)
        .filter(organization=organization)
        .order_by("name")
    )
    reach = Reach(organization, everywhere, list(projects))
    if not reach.projects:
        access.require_in_organization(Permission.MANAGE_MEMBERS, organization.pk)
    return reach


def members_of(access: Access, reach: Reach) -> list[MemberRow]:
    """The memberships that the actor manages, by name of the person."""
    memberships = _memberships(access, reach.organization)
    if not reach.everywhere:
        memberships = memberships.filter(project__in=reach.projects)
    admins = set(admins_of(reach.organization.pk).values_list("user_id", flat=True))
    return [
        _row(access, membership, admins, everywhere=reach.everywhere)
        for membership in memberships.order_by("user__name", "user_id", "project__name")
    ]


def _row(
    access: Access, membership: Membership, admins: set[int], *, everywhere: bool
) -> MemberRow:
    is_oneself = membership.user_id == access.user_id
    is_needed = admins == {membership.user_id}
    return MemberRow(
        membership=membership,
        is_oneself=is_oneself,
        is_only_admin=is_needed and membership.project_id is None,
        may_deactivate=everywhere and membership.is_active and not is_oneself and not is_needed,
        may_reactivate=everywhere and not membership.is_active,
    )


def membership_for(access: Access, organization: Organization, membership_id: int) -> Membership:
    """One membership of the organization; whether it may be changed is the action's question."""
    membership = _memberships(access, organization).filter(pk=membership_id).first()
    if membership is None:
        raise NotVisible
    return membership


def person_in(access: Access, organization: Organization, user_id: int) -> User:
    """A person with a membership in the organization."""
    members = _memberships(access, organization).values("user_id")
    person = User.objects.filter(pk=user_id).filter(pk__in=members).first()
    if person is None:
        raise NotVisible
    return person


def people_of(access: Access, organization: Organization) -> list[User]:
    """Everybody with a membership in the organization, by name."""
    ids = _memberships(access, organization).values("user_id")
    return list(User.objects.filter(pk__in=ids).order_by("name", "pk"))


def people_in_project(access: Access, project: Project) -> list[User]:
    """The active people of a project that the actor sees, by name."""
    access.require(Permission.VIEW_GALLERY, project.pk)
    ids = people_at(project.organization_id, project.pk)
    return list(User.objects.filter(pk__in=ids).order_by("name", "pk"))


def own_memberships(access: Access) -> list[Membership]:
    """Where the person belongs, as long as they are let in."""
    if access.user_id is None:
        return []
    return list(
        Membership.objects.visible_to(access)
        .filter(user_id=access.user_id, is_active=True)
        .select_related("organization", "project")
        .order_by("organization__name", "project__name")
    )


def admins_of(organization_id: int) -> QuerySet[Membership]:
    """The memberships that keep the organization manageable."""
    return Membership.objects.filter(
        organization_id=organization_id,
        project__isnull=True,
        role=Role.ADMIN.value,
        is_active=True,
        user__is_active=True,
    )


def people_at(organization_id: int, project_id: int) -> list[int]:
    """Ids of the active people of a project: its own, and those of the whole organization."""
    memberships = Membership.objects.filter(
        Q(project__isnull=True) | Q(project_id=project_id),
        organization_id=organization_id,
        is_active=True,
        user__is_active=True,
    )
    return list(memberships.order_by("user_id").values_list("user_id", flat=True).distinct())


def has_other_admin(organization_id: int, user_id: int) -> bool:
    """Whether somebody else could still manage the organization."""
    return admins_of(organization_id).exclude(user_id=user_id).exists()


def _memberships(access: Access, organization: Organization) -> QuerySet[Membership]:
    return (
        Membership.objects.visible_to(access)
        .filter(organization=organization)
        .select_related("user", "project", "organization")
    )
