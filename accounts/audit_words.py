"""How the audit trail tells what happens to people, projects and tokens."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.models.membership import ROLE_LABELS
from accounts.wording import AuditWords

ROLES = dict(ROLE_LABELS)

WORDS: Mapping[str, AuditWords] = {
    "accounts.organization.created": AuditWords(
        _("Organization created"), _("{actor} created the organization {target}"), "building-2"
    ),
    "accounts.project.created": AuditWords(
        _("Project created"), _("{actor} created the project {target}"), "folder"
    ),
    "accounts.project.renamed": AuditWords(
        _("Project renamed"), _("{actor} renamed the project “{before}” to {target}"), "folder"
    ),
    "accounts.project.described": AuditWords(
        _("Project description changed"),
        _("{actor} changed the description of the project {target}"),
        "folder",
    ),
    "accounts.member.role_changed": AuditWords(
        _("Role changed"),
        _("{actor} changed the role of {target} from {before} to {after}"),
        "users",
        ROLES,
    ),
    "accounts.member.removed": AuditWords(
        _("Member removed"), _("{actor} removed {target}, who was {role}"), "users", ROLES
    ),
    "accounts.member.deactivated": AuditWords(
        _("Member deactivated"), _("{actor} deactivated {target}"), "users"
    ),
    "accounts.member.reactivated": AuditWords(
        _("Member reactivated"), _("{actor} reactivated {target}"), "users"
    ),
    "accounts.invitation.created": AuditWords(
        _("Invitation sent"), _("{actor} invited {target} as {role}"), "mail", ROLES
    ),
    "accounts.invitation.revoked": AuditWords(
        _("Invitation revoked"), _("{actor} revoked the invitation of {target}"), "mail"
    ),
    "accounts.invitation.accepted": AuditWords(
        _("Invitation accepted"),
        _("{actor} accepted the invitation for {target} as {role}"),
        "mail",
        ROLES,
    ),
    "accounts.person.renamed": AuditWords(
        _("Person renamed"), _("{actor} changed the name “{before}” to {target}"), "user-round"
    ),
    "accounts.person.deactivated": AuditWords(
        _("Person locked out"), _("{actor} locked {target} out of the whole site"), "user-round"
    ),
    "accounts.person.reactivated": AuditWords(
        _("Person let in again"), _("{actor} let {target} sign in again"), "user-round"
    ),
    "accounts.person.appointed": AuditWords(
        _("Operator appointed"), _("{actor} let {target} operate the site"), "server"
    ),
    "accounts.person.dismissed": AuditWords(
        _("Operator dismissed"),
        _("{actor} took the operation of the site from {target}"),
        "server",
    ),
    "accounts.grants.repaired": AuditWords(
        _("Permissions repaired"), _("{actor} repaired the permissions of {target}"), "shield-check"
    ),
    "accounts.token.created": AuditWords(
        _("API token created"), _("{actor} created the API token {target}"), "key-round"
    ),
    "accounts.token.revoked": AuditWords(
        _("API token revoked"), _("{actor} revoked the API token {target}"), "key-round"
    ),
}
