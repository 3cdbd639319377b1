"""A person's API tokens."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions.tokens import create_token, revoke_token
from accounts.forms.tokens import SCOPE_NAMES, TokenForm
from accounts.http import PortalRequest
from accounts.models import ApiToken
from accounts.queries.projects import organizations_of
from accounts.queries.tokens import token_for, tokens_of
from accounts.views.answering import done


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: PortalRequest) -> HttpResponse:
    """The tokens and a form for a new one, whose secret this answer shows, once."""
    organizations = list(organizations_of(request.access))
    form = TokenForm(request.POST or None, access=request.access, organizations=organizations)
    created, secret = None, ""
    if form.is_valid():
        created, secret = create_token(
            access=request.access,
            user=request.user,
            organization=form.chosen_organization,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            days=form.cleaned_data["days"],
        )
    status = 201 if created else 422 if form.is_bound else 200
    if created:
        form = TokenForm(access=request.access, organizations=organizations)
    context = {
        "form": form,
        "organizations": organizations,
        "entries": [_entry(token) for token in tokens_of(request.access)],
        "created": created,
        "secret": secret,
    }
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
def token_revoke(request: PortalRequest, token_id: int) -> HttpResponse:
    """Make a token useless."""
    token = token_for(request.access, token_id)
    revoke_token(access=request.access, token=token)
    sentence = _("The token “%(name)s” no longer works.") % {"name": token.name}
    return done(request, sentence, "accounts:tokens")


def _entry(token: ApiToken) -> dict[str, object]:
    if token.revoked_at:
        status = "revoked"
    elif token.expires_at <= timezone.now():
        status = "expired"
    else:
        status = "active"
    return {
        "token": token,
        "status": status,
        "scopes": [SCOPE_NAMES.get(scope, scope) for scope in token.scopes],
    }
