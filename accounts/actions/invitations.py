"""Inviting by link: a secret that makes one person a member, once, within a week."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import grants, live, mail
from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import Invitation, Membership, Organization, Project, User
from accounts.queries.invitations import invitation_by, invited_person, why_not_invite
from accounts.queries.tokens import hash_of
from accounts.roles import Permission, Role

VALID_FOR = timedelta(days=7)


@transaction.atomic
def invite_member(
    *,
    access: Access,
    organization: Organization,
    email: str,
    role: Role,
    project: Project | None = None,
) -> tuple[Invitation, str]:
    """Open a door to the whole organization or to one project.

    Returns the invitation and the secret of its link, which is stored nowhere. An earlier open
    invitation of the same address to the same place ends: only the newest link works.
    """
    access.require_within(
        Permission.MANAGE_MEMBERS, organization.pk, project.pk if project else None
    )
    if project is not None and project.organization_id != organization.pk:
        raise NotVisible
    email = User.objects.normalize_email(email)
    if obstacle := why_not_invite(organization, project, email):
        raise InvalidInput(obstacle, field="email")
    Invitation.objects.open().filter(
        organization=organization, project=project, email=email
    ).update(revoked_at=timezone.now())
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organization=organization,
        project=project,
        email=email,
        role=role.value,
        secret_hash=hash_of(secret),
        invited_by_id=access.user_id,
        expires_at=timezone.now() + VALID_FOR,
    )
    _record(access, "created", invitation)
    transaction.on_commit(
        partial(
            mail.send_invitation,
            invitation,
            secret,
            inviter=access.actor.label,
            language=translation.get_language(),
        )
    )
    return invitation, secret


@transaction.atomic
def revoke_invitation(*, access: Access, invitation: Invitation) -> None:
    """Make the link useless."""
    access.require_within(
        Permission.MANAGE_MEMBERS, invitation.organization_id, invitation.project_id
    )
    revoked = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=timezone.now())
    if not revoked:
        raise InvalidTransition(
            _("This invitation has been accepted or revoked in the meantime. Reload the page.")
        )
    _record(access, "revoked", invitation)


@transaction.atomic
def accept_invitation(*, access: Access, user: User, secret: str) -> Membership:
    """Make the signed-in person a member; the invitation must be for their address."""
    access.require_person(user.pk)
    invitation = _open(secret)
    if invitation.email != user.email:
        raise NotPermitted(
            _("This invitation is for another address. Sign in with the address it was sent to.")
        )
    return _accept(access, invitation, user)


@transaction.atomic
def join_by_invitation(
    *, access: Access, secret: str, name: str, password: str, language: str = ""
) -> User:
    """Make a new person of the invited address, and a member. The secret is their permission."""
    access.require_stranger()
    invitation = _open(secret)
    has_account = NotPermitted(_("This address has an account already. Sign in to accept."))
    if invited_person(invitation) is not None:
        raise has_account
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, name=name.strip(), language=language
            )
    except IntegrityError as error:  # the form was sent twice at the same moment
        raise has_account from error
    # From here on it is the new person who acts.
    actor = replace(access.actor, label=str(user), user_id=user.pk)
    _accept(replace(access, actor=actor), invitation, user)
    return user


def _open(secret: str) -> Invitation:
    invitation = invitation_by(secret)
    if invitation is None:
        raise NotVisible(
            _("This invitation no longer works. Ask the person who invited you for a new link.")
        )
    return invitation


def _accept(access: Access, invitation: Invitation, user: User) -> Membership:
    accepted = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(accepted_at=timezone.now(), accepted_by=user)
    if not accepted:
        raise InvalidTransition
    here = Membership.objects.filter(user=user, organization_id=invitation.organization_id)
    if here.filter(is_active=False).exists():
        raise NotPermitted(
            _("Your membership of this organization is deactivated. Ask one of its admins.")
        )
    # A role that the person was given in the meantime is not overruled by an older invitation.
    membership, _created = Membership.objects.get_or_create(
        user=user,
        organization_id=invitation.organization_id,
        project=invitation.project,
        defaults={"role": invitation.role},
    )
    grants.apply(user_id=user.pk, organization_id=invitation.organization_id)
    transaction.on_commit(partial(live.tell_access_changed, user.pk))
    _record(access, "accepted", invitation)
    return membership


def _record(access: Access, happened: str, invitation: Invitation) -> None:
    record(
        access,
        f"accounts.invitation.{happened}",
        invitation,
        organization_id=invitation.organization_id,
        project_id=invitation.project_id,
        project=str(invitation.project or ""),
        role=invitation.role,
    )
