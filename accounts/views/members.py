"""The members page of an organization: who belongs, as what, and who is on the way."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actions import membership as acting
from accounts.actions.invitations import invite_member, revoke_invitation
from accounts.forms.members import InviteForm, RoleForm
from accounts.http import PortalRequest
from accounts.models import Organization
from accounts.models.membership import ROLE_LABELS
from accounts.queries.invitations import invitation_for, open_invitations_of
from accounts.queries.members import (
    Reach,
    members_of,
    membership_for,
    person_in,
    reach_of,
)
from accounts.queries.projects import organization_for
from accounts.views.answering import done, say


@require_GET
def members(request: PortalRequest, slug: str) -> HttpResponse:
    """Everybody whose membership the person manages, the open invitations, and a form."""
    organization = _organization(request, slug)
    return render(request, "accounts/members.html", _page(request, organization))


@never_cache
@require_http_methods(["GET", "POST"])
def invite(request: PortalRequest, slug: str) -> HttpResponse:
    """Make an invitation and show its link, once.

    The link is in this answer only, so there is no redirect; reloading the page makes a new link
    that replaces this one. A GET comes from switching the language on it.
    """
    organization = _organization(request, slug)
    if request.method == "GET":
        return redirect("accounts:members", slug=slug)
    reach = reach_of(request.access, organization)
    form = InviteForm(request.POST, reach=reach)
    if not form.is_valid():
        page = _page(request, organization, reach, invite_form=form)
        return render(request, "accounts/members.html", page, status=422)
    invitation, secret = invite_member(
        access=request.access,
        organization=organization,
        project=form.project,
        email=form.cleaned_data["email"],
        role=form.cleaned_data["role"],
    )
    link = request.build_absolute_uri(reverse("accounts:invitation", kwargs={"secret": secret}))
    page = _page(request, organization, reach, invitation=invitation, link=link)
    return render(request, "accounts/members.html", page, status=201)


@require_POST
def invitation_revoke(request: PortalRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Make the link of an open invitation useless."""
    organization = _organization(request, slug)
    invitation = invitation_for(request.access, organization, invitation_id)
    revoke_invitation(access=request.access, invitation=invitation)
    sentence = _("The invitation of %(email)s no longer works.") % {"email": invitation.email}
    return done(request, sentence, "accounts:members", slug=slug)


@require_POST
def member_role(request: PortalRequest, slug: str, membership_id: int) -> HttpResponse:
    """Give a member another role. With htmx only the list comes back."""
    organization = _organization(request, slug)
    membership = membership_for(request.access, organization, membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/members.html", _page(request, organization), status=422)
    acting.change_role(access=request.access, membership=membership, role=form.cleaned_data["role"])
    sentence = _("%(person)s is now %(role)s.") % {
        "person": membership.user,
        "role": membership.get_role_display(),
    }
    if request.htmx:
        page = _page(request, organization)
        return say(render(request, "accounts/_members.html", page), sentence)
    return done(request, sentence, "accounts:members", slug=slug)


@require_POST
def member_remove(request: PortalRequest, slug: str, membership_id: int) -> HttpResponse:
    """End a membership."""
    organization = _organization(request, slug)
    membership = membership_for(request.access, organization, membership_id)
    acting.remove_member(access=request.access, membership=membership)
    sentence = _("%(person)s no longer belongs to %(place)s.") % {
        "person": membership.user,
        "place": membership.project or organization,
    }
    return done(request, sentence, "accounts:members", slug=slug)


@require_POST
def member_deactivate(request: PortalRequest, slug: str, user_id: int) -> HttpResponse:
    """Shut a person out of the organization."""
    organization = _organization(request, slug)
    person = person_in(request.access, organization, user_id)
    acting.deactivate_member(access=request.access, organization=organization, user=person)
    sentence = _("%(person)s can no longer enter. Reactivate them here to undo this.")
    return done(request, sentence % {"person": person}, "accounts:members", slug=slug)


@require_POST
def member_reactivate(request: PortalRequest, slug: str, user_id: int) -> HttpResponse:
    """Let a deactivated person in again."""
    organization = _organization(request, slug)
    person = person_in(request.access, organization, user_id)
    acting.reactivate_member(access=request.access, organization=organization, user=person)
    sentence = _("%(person)s is back, with the roles they had.")
    return done(request, sentence % {"person": person}, "accounts:members", slug=slug)


def _organization(request: PortalRequest, slug: str) -> Organization:
    organization = organization_for(request.access, slug)
    request.organization = organization
    return organization


def _page(
    request: PortalRequest, organization: Organization, reach: Reach | None = None, **more: object
) -> dict[str, Any]:
    reach = reach or reach_of(request.access, organization)
    return {
        "organization": organization,
        "reach": reach,
        "rows": members_of(request.access, reach),
        "roles": ROLE_LABELS,
        "invitations": open_invitations_of(request.access, reach),
        "invite_form": InviteForm(reach=reach),
        **more,
    }
