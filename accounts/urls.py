"""Addresses of people: themselves, their organizations, and how they come in."""

from allauth.account import views as sign_in
from django.urls import path, re_path

from accounts.views import audit, invitations, members, profile, projects, tokens

app_name = "accounts"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("profile/language/", profile.set_language, name="set-language"),
    path("profile/theme/", profile.set_theme, name="set-theme"),
    path("profile/tokens/", tokens.tokens, name="tokens"),
    path("profile/tokens/<int:token_id>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("organizations/<slug:slug>/members/", members.members, name="members"),
    path("organizations/<slug:slug>/members/invite/", members.invite, name="invite"),
    path(
        "organizations/<slug:slug>/members/invitations/<int:invitation_id>/revoke/",
        members.invitation_revoke,
        name="invitation-revoke",
    ),
    path(
        "organizations/<slug:slug>/members/<int:membership_id>/role/",
        members.member_role,
        name="member-role",
    ),
    path(
        "organizations/<slug:slug>/members/<int:membership_id>/remove/",
        members.member_remove,
        name="member-remove",
    ),
    path(
        "organizations/<slug:slug>/people/<int:user_id>/deactivate/",
        members.member_deactivate,
        name="member-deactivate",
    ),
    path(
        "organizations/<slug:slug>/people/<int:user_id>/reactivate/",
        members.member_reactivate,
        name="member-reactivate",
    ),
    path("organizations/<slug:slug>/audit/", audit.audit, name="audit"),
    path("site/audit/", audit.site_audit, name="site-audit"),
    path("organizations/<slug:slug>/projects/new/", projects.project_create, name="project-create"),
    path("projects/<int:project_id>/settings/", projects.project_settings, name="project-settings"),
]

# The part of allauth that this site uses, under its own names and without a namespace: signing in
# and out, and passwords. The address of registration says that people come by invitation.
sign_in_patterns = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.account_inactive, name="account_inactive"),
    path("signup/", sign_in.signup, name="account_signup"),
    path("password/change/", sign_in.password_change, name="account_change_password"),
    path("password/set/", sign_in.password_set, name="account_set_password"),
    path("password/reset/", sign_in.password_reset, name="account_reset_password"),
    path("password/reset/done/", sign_in.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
