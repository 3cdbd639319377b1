"""What people decide about themselves: name, language, theme."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access
from accounts.actions import preferences
from accounts.forms.profile import LanguageForm, NameForm, ThemeForm
from accounts.http import PortalRequest
from accounts.models import User
from accounts.queries.members import own_memberships
from accounts.views.answering import back, done

THEME_COOKIE = "theme"
COOKIE_SECONDS = 60 * 60 * 24 * 365


@require_http_methods(["GET", "POST"])
def profile(request: PortalRequest) -> HttpResponse:
    """The person's own page; a POST changes their name."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        preferences.rename_person(
            access=request.access, user=request.user, name=form.cleaned_data["name"]
        )
        return done(request, _("Your name is saved."), "accounts:profile")
    return render(
        request,
        "accounts/profile.html",
        {"form": form, "memberships": own_memberships(request.access)},
        status=422 if form.is_bound else 200,
    )


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Choose the language: for strangers in a cookie, for people with their account as well."""
    form = LanguageForm(request.POST)
    response = back(request, "portal:home")
    if form.is_valid():
        language = form.cleaned_data["language"]
        if isinstance(request.user, User):
            preferences.set_language(access=_access(request), user=request.user, language=language)
        _keep(request, response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Choose dark or light: for strangers in a cookie, for people with their account as well."""
    form = ThemeForm(request.POST)
    response = back(request, "portal:home")
    if form.is_valid():
        theme = form.cleaned_data["theme"]
        if isinstance(request.user, User):
            preferences.set_theme(access=_access(request), user=request.user, theme=theme)
        _keep(request, response, THEME_COOKIE, theme)
    return response


def _access(request: HttpRequest) -> Access:
    access: Access = request.access  # type: ignore[attr-defined]  # PortalRequest
    return access


def _keep(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
