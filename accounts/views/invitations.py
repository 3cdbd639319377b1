"""The page behind an invitation's link: join as a new person, or accept as who you are."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from accounts.actions.invitations import accept_invitation, join_by_invitation
from accounts.forms.invitations import JoinForm
from accounts.models import Invitation, User
from accounts.queries.invitations import invitation_by, invited_person
from accounts.views.answering import done

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@never_cache
@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What the holder of the link may do next.

    A stranger whose address is new makes an account; one whose address has an account is sent to
    sign in; the signed-in invited person accepts with one click. Every link that does not work,
    for whatever reason, gets the same calm page.
    """
    found = invitation_by(secret)
    if found is None:
        return render(request, "accounts/invitation_closed.html", status=404)
    if isinstance(request.user, User):
        return _accept(request, found, secret, request.user)
    if invited_person(found) is not None:
        sign_in = f"{reverse('account_login')}?next={request.path}"
        context = {"invitation": found, "sign_in_url": sign_in}
        return render(request, "accounts/invitation_sign_in.html", context)
    return _join(request, found, secret)


def _accept(request: HttpRequest, invitation: Invitation, secret: str, user: User) -> HttpResponse:
    if user.email != invitation.email:
        context = {"invitation": invitation, "person": user, "here": request.path}
        return render(request, "accounts/invitation_other_person.html", context)
    if request.method == "GET":
        return render(request, "accounts/invitation_accept.html", {"invitation": invitation})
    accept_invitation(access=_access(request), user=user, secret=secret)
    return _welcome(request, invitation)


def _join(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    form = JoinForm(request.POST or None, email=invitation.email)
    if not form.is_valid():
        context = {"invitation": invitation, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "accounts/invitation_join.html", context, status=status)
    user = join_by_invitation(
        access=_access(request),
        secret=secret,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password"],
        language=get_language() or "",
    )
    login(request, user, backend=BACKEND)
    return _welcome(request, invitation)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    place = invitation.project or invitation.organization
    return done(request, _("Welcome to %(place)s.") % {"place": place}, "portal:home")


def _access(request: HttpRequest) -> Access:
    access: Access = request.access  # type: ignore[attr-defined]  # PortalRequest
    return access
