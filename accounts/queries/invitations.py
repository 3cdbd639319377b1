"""Finding invitations, by who manages them or by who holds the link."""

from __future__ import annotations

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Invitation, Membership, Organization, Project, User
from accounts.queries.members import Reach
from accounts.queries.tokens import hash_of


def open_invitations_of(access: Access, reach: Reach) -> list[Invitation]:
    """The invitations that wait for an answer and that the actor manages, newest first."""
    invitations = (
        Invitation.objects.visible_to(access)
        .open()
        .filter(organization=reach.organization)
        .select_related("project", "invited_by")
        .order_by("-created_at", "-pk")
    )
    if not reach.everywhere:
        invitations = invitations.filter(project__in=reach.projects)
    return list(invitations)


def invitation_for(access: Access, organization: Organization, invitation_id: int) -> Invitation:
    """One invitation of the organization; whether it may be revoked is the action's question."""
    invitation = (
        Invitation.objects.visible_to(access)
        .filter(organization=organization, pk=invitation_id)
        .select_related("organization", "project")
        .first()
    )
    if invitation is None:
        raise NotVisible
    return invitation


def invitation_by(secret: str) -> Invitation | None:
    """The invitation whose link this is, while it can be accepted.

    Unknown, used, revoked, replaced and expired links are the same `None`: nothing can be learnt
    by trying.
    """
    return (
        Invitation.objects.open()
        .filter(secret_hash=hash_of(secret))
        .select_related("organization", "project", "invited_by")
        .first()
    )


def invited_person(invitation: Invitation) -> User | None:
    """The person who already has the invited address.

    Only the holder of the link learns of it, and only because they must sign in or make a password.
    """
    return User.objects.filter(email=invitation.email).first()


def why_not_invite(
    organization: Organization, project: Project | None, email: str
) -> Promise | None:
    """The sentence that refuses the invitation of a member, or `None`.

    It speaks about members of the organization only: whether a stranger's address has an account
    on the site is nobody's business.
    """
    memberships = Membership.objects.filter(
        Q(project=project) | Q(is_active=False),
        user__email=User.objects.normalize_email(email),
        organization=organization,
    )
    active = list(memberships.values_list("is_active", flat=True))
    if not active:
        return None
    if not all(active):
        return _(
            "This person is deactivated in the organization. An admin can reactivate them in the"
            " list of members."
        )
    return _("This person is a member already. You can change their role in the list.")
