"""What a person is on the whole site: let in or shut out, and whether they operate it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import live
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from accounts.models import Membership, User
from accounts.policies import LastAdmin
from accounts.queries.members import admins_of, has_other_admin

SITE = None
"""The trail that belongs to no organization; operators read it."""


@transaction.atomic
def deactivate_person(*, access: Access, user: User, even_last_admin: bool = False) -> None:
    """Stop a person from signing in anywhere; open sessions and tokens end with it.

    Refused with `LastAdmin` while an organization depends on them, unless `even_last_admin`.
    """
    access.require_system()
    organizations = _organizations_of(user)
    if not even_last_admin:
        for organization_id in organizations:
            is_admin = admins_of(organization_id).filter(user=user).exists()
            if is_admin and not has_other_admin(organization_id, user.pk):
                raise LastAdmin
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        raise InvalidTransition(_("This person is deactivated already."))
    _settle(access, user, "deactivated", organizations)


@transaction.atomic
def reactivate_person(*, access: Access, user: User) -> None:
    """Let a person sign in again; their memberships are as they were."""
    access.require_system()
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise InvalidTransition(_("This person is active."))
    _settle(access, user, "reactivated", _organizations_of(user))


@transaction.atomic
def appoint_operator(*, access: Access, user: User) -> None:
    """Let a person look after the site: its workers, its models and the shares of all teams.

    It gives no role in any organization. Only a command can do it: who may already reach the
    site's machine decides who else looks after it.
    """
    access.require_system()
    if not User.objects.filter(pk=user.pk, is_superuser=False).update(is_superuser=True):
        raise InvalidTransition(_("This person operates the site already."))
    _settle(access, user, "appointed", [*_organizations_of(user), SITE])


@transaction.atomic
def dismiss_operator(*, access: Access, user: User) -> None:
    """Take the site out of a person's hands; their roles in organizations stay."""
    access.require_system()
    if not User.objects.filter(pk=user.pk, is_superuser=True).update(is_superuser=False):
        raise InvalidTransition(_("This person does not operate the site."))
    _settle(access, user, "dismissed", [*_organizations_of(user), SITE])


def _organizations_of(user: User) -> list[int]:
    memberships = Membership.objects.filter(user=user).order_by("organization_id")
    return list(memberships.values_list("organization_id", flat=True).distinct())


def _settle(access: Access, user: User, happened: str, trails: Sequence[int | None]) -> None:
    transaction.on_commit(partial(live.tell_access_changed, user.pk))
    # Each organization finds it in its own trail; somebody without one is still written down.
    for organization_id in trails or [SITE]:
        record(access, f"accounts.person.{happened}", user, organization_id=organization_id)
