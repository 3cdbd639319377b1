"""Finding members and what may be done with them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

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


def managed_projects(access: Access, organization: Organization) -> list[Project]:
    """The organization's projects whose members the actor may manage, by name."""
    return list(
        Project.objects.visible_to(access, Permission.MANAGE_MEMBERS)
        .filter(organization=organization)
        .order_by("name")
    )


def require_managing(access: Access, organization: Organization) -> None:
    """Pass for those who manage members of the organization or of one of its projects."""
    if not managed_projects(access, organization):
        access.require_in_organization(Permission.MANAGE_MEMBERS, organization.pk)


def members_of(access: Access, organization: Organization) -> list[MemberRow]:
    """The memberships that the actor manages, by name of the person.

    An admin of the organization sees all of them, an admin of projects those of their projects.
    """
    require_managing(access, organization)
    everywhere = access.allows_in_organization(Permission.MANAGE_MEMBERS, organization.pk)
    memberships = _memberships(access, organization)
    if not everywhere:
        memberships = memberships.filter(project__in=managed_projects(access, organization))
    rows = list(memberships.order_by("user__name", "user_id", "project__name"))
    admins = set(admins_of(organization.pk).values_list("user_id", flat=True))
    return [
        MemberRow(
            membership=membership,
            is_oneself=membership.user_id == access.user_id,
            is_only_admin=membership.project_id is None and admins == {membership.user_id},
            may_deactivate=everywhere
            and membership.is_active
            and membership.user_id != access.user_id
            and admins != {membership.user_id},
            may_reactivate=everywhere and not membership.is_active,
        )
        for membership in rows
    ]


def membership_for(access: Access, organization: Organization, membership_id: int) -> Membership:
    """One membership of the organization; whether it may be changed is the action's question."""
    membership = _memberships(access, organization).filter(pk=membership_id).first()
    if membership is None:
        raise NotVisible
    return membership


def person_in(access: Access, organization: Organization, user_id: int) -> User:
    """A person with a membership in the organization."""
    membership = _memberships(access, organization).filter(user_id=user_id).first()
    if membership is None:
        raise NotVisible
    return membership.user


def people_of(access: Access, organization: Organization) -> list[User]:
    """Everybody with a membership in the organization, by name."""
    ids = _memberships(access, organization).values("user_id")
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


def has_other_admin(organization_id: int, user_id: int) -> bool:
    """Whether somebody else could still manage the organization."""
    return admins_of(organization_id).exclude(user_id=user_id).exists()


def _memberships(access: Access, organization: Organization) -> QuerySet[Membership]:
    return (
        Membership.objects.visible_to(access)
        .filter(organization=organization)
        .select_related("user", "project", "organization")
    )
