"""Rows about people and permission."""

from accounts.models.api_token import ApiToken
from accounts.models.audit_event import AuditEvent
from accounts.models.invitation import Invitation
from accounts.models.membership import Membership
from accounts.models.organization import Organization
from accounts.models.project import Project
from accounts.models.project_grant import ProjectGrant
from accounts.models.user import User

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Invitation",
    "Membership",
    "Organization",
    "Project",
    "ProjectGrant",
    "User",
]
