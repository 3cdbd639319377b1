"""Who belongs: changing a role, removing, deactivating and reactivating a member.

Whoever may manage the members of an organization may do all of this in it; whoever may manage the
members of one project may change and remove the memberships of that project only. Everything acts
on the person's next request: guardian's rows change in the same transaction.
"""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import grants, live
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from accounts.models import ApiToken, Membership, Organization, User
from accounts.policies import LastAdmin, somebody_else
from accounts.queries.members import has_other_admin
from accounts.roles import Permission, Role


@transaction.atomic
def change_role(*, access: Access, membership: Membership, role: Role) -> Membership:
    """Give a member another role; the same role again changes nothing."""
    access.require_within(
        Permission.MANAGE_MEMBERS, membership.organization_id, membership.project_id
    )
    somebody_else(
        access, membership.user_id, _("You cannot change your own role. Ask another admin.")
    )
    before = membership.role
    if before == role.value:
        return membership
    _hold(membership.organization_id)
    if membership.project_id is None and before == Role.ADMIN:
        _keep_an_admin(membership.organization_id, membership.user_id)
    changed = Membership.objects.filter(pk=membership.pk, role=before, is_active=True).update(
        role=role.value
    )
    if not changed:
        raise InvalidTransition
    membership.role = role.value
    _settle(membership.user_id, membership.organization_id)
    _record(access, "role_changed", membership, before=before, after=role.value)
    return membership


@transaction.atomic
def remove_member(*, access: Access, membership: Membership) -> None:
    """End a membership. What the person made stays; with the last one their tokens end as well."""
    access.require_within(
        Permission.MANAGE_MEMBERS, membership.organization_id, membership.project_id
    )
    somebody_else(access, membership.user_id, _("You cannot remove yourself. Ask another admin."))
    organization_id, user_id = membership.organization_id, membership.user_id
    _hold(organization_id)
    if membership.project_id is None and membership.is_active and membership.role == Role.ADMIN:
        _keep_an_admin(organization_id, user_id)
    _record(access, "removed", membership, role=membership.role)
    deleted, _rows = Membership.objects.filter(pk=membership.pk).delete()
    if not deleted:
        raise InvalidTransition
    if not Membership.objects.filter(user_id=user_id, organization_id=organization_id).exists():
        ApiToken.objects.filter(
            user_id=user_id, organization_id=organization_id, revoked_at__isnull=True
        ).update(revoked_at=timezone.now())
    _settle(user_id, organization_id)


@transaction.atomic
def deactivate_member(*, access: Access, organization: Organization, user: User) -> None:
    """Shut a person out of the whole organization, keeping roles for `reactivate_member`."""
    access.require_in_organization(Permission.MANAGE_MEMBERS, organization.pk)
    somebody_else(access, user.pk, _("You cannot deactivate yourself. Ask another admin."))
    _hold(organization.pk)
    memberships = Membership.objects.filter(user=user, organization=organization, is_active=True)
    if memberships.filter(project__isnull=True, role=Role.ADMIN).exists():
        _keep_an_admin(organization.pk, user.pk)
    if not memberships.update(is_active=False):
        raise InvalidTransition
    _settle(user.pk, organization.pk)
    record(access, "accounts.member.deactivated", user, organization_id=organization.pk)


@transaction.atomic
def reactivate_member(*, access: Access, organization: Organization, user: User) -> None:
    """Let a deactivated person in again, with the roles they had."""
    access.require_in_organization(Permission.MANAGE_MEMBERS, organization.pk)
    somebody_else(access, user.pk, _("You cannot reactivate yourself. Ask another admin."))
    if not Membership.objects.filter(user=user, organization=organization, is_active=False).update(
        is_active=True
    ):
        raise InvalidTransition
    _settle(user.pk, organization.pk)
    record(access, "accounts.member.reactivated", user, organization_id=organization.pk)


def _hold(organization_id: int) -> None:
    # Two admins who demote each other at the same moment must not both succeed.
    Organization.objects.select_for_update().get(pk=organization_id)


def _keep_an_admin(organization_id: int, user_id: int) -> None:
    if not has_other_admin(organization_id, user_id):
        raise LastAdmin


def _settle(user_id: int, organization_id: int) -> None:
    grants.apply(user_id=user_id, organization_id=organization_id)
    transaction.on_commit(partial(live.tell_access_changed, user_id))


def _record(access: Access, happened: str, membership: Membership, **data: str) -> None:
    record(
        access,
        f"accounts.member.{happened}",
        membership.user,
        organization_id=membership.organization_id,
        project_id=membership.project_id,
        project=str(membership.project or ""),
        **data,
    )
