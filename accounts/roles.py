"""The one table between roles and permissions. Pure Python; nothing else says who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a membership makes of a person, in an organization or in one of its projects."""

    USER = "user"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be asked of an `Access`; project permissions are guardian codenames by value."""

    # Asked on a project.
    VIEW_GALLERY = "view_gallery"
    REQUEST_IMAGES = "request_images"
    SUBMIT_IMAGES = "submit_images"
    ORGANIZE_IMAGES = "organize_images"
    REVIEW_IMAGES = "review_images"
    MANAGE_PROJECT = "manage_project"
    # Asked on a project or on an organization.
    MANAGE_MEMBERS = "manage_members"
    VIEW_AUDIT = "view_audit"
    # Asked on an organization.
    VIEW_ORGANIZATION = "view_organization"
    CREATE_PROJECTS = "create_projects"
    EDIT_TEMPLATES = "edit_templates"
    MANAGE_ORGANIZATION = "manage_organization"


_USER = frozenset(
    {
        Permission.VIEW_GALLERY,
        Permission.REQUEST_IMAGES,
        Permission.SUBMIT_IMAGES,
        Permission.ORGANIZE_IMAGES,
    }
)
_REVIEWER = _USER | {Permission.REVIEW_IMAGES}
_ADMIN = _REVIEWER | {
    Permission.MANAGE_PROJECT,
    Permission.MANAGE_MEMBERS,
    Permission.VIEW_AUDIT,
}

PROJECT_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.USER: _USER,
    Role.REVIEWER: _REVIEWER,
    Role.ADMIN: _ADMIN,
}

_MEMBER = frozenset({Permission.VIEW_ORGANIZATION})

ORGANIZATION_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.USER: _MEMBER,
    Role.REVIEWER: _MEMBER,
    Role.ADMIN: _MEMBER
    | {
        Permission.CREATE_PROJECTS,
        Permission.EDIT_TEMPLATES,
        Permission.MANAGE_MEMBERS,
        Permission.MANAGE_ORGANIZATION,
        Permission.VIEW_AUDIT,
    },
}

# A member of a single project sees that the organization exists and uses its templates.
PROJECT_MEMBER_IN_ORGANIZATION: frozenset[Permission] = _MEMBER


class Scope(StrEnum):
    """What an API token may be used for; a subset of what its owner may do."""

    READ = "read"
    GENERATE = "generate"
    ORGANIZE = "organize"
    REVIEW = "review"
    MANAGE = "manage"


SCOPE_PERMISSIONS: Mapping[Scope, frozenset[Permission]] = {
    Scope.READ: frozenset({Permission.VIEW_GALLERY, Permission.VIEW_ORGANIZATION}),
    Scope.GENERATE: frozenset({Permission.REQUEST_IMAGES, Permission.SUBMIT_IMAGES}),
    Scope.ORGANIZE: frozenset({Permission.ORGANIZE_IMAGES}),
    Scope.REVIEW: frozenset({Permission.REVIEW_IMAGES}),
    Scope.MANAGE: frozenset(
        {
            Permission.MANAGE_PROJECT,
            Permission.MANAGE_MEMBERS,
            Permission.MANAGE_ORGANIZATION,
            Permission.CREATE_PROJECTS,
            Permission.EDIT_TEMPLATES,
            Permission.VIEW_AUDIT,
        }
    ),
}
