"""The question "may I?", answered in one place from a frozen value. No database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_lazy as _

from accounts.errors import NotPermitted, NotVisible
from accounts.roles import Permission

NOTHING: frozenset[Permission] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as the audit trail remembers it."""

    label: str
    user_id: int | None = None
    token_prefix: str = ""
    ip: str | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What one actor may do, per project and per organization.

    Built once per request or job by `accounts.grants.access_for`, or by name for a process of the
    site itself with `Access.system`. It does not change while a request runs; the next request
    sees changed roles. `operates_site` is held by people who look after the machines that all
    organizations share.
    """

    actor: Actor
    projects: Mapping[int, frozenset[Permission]] = field(default_factory=dict)
    organizations: Mapping[int, frozenset[Permission]] = field(default_factory=dict)
    unrestricted: bool = False
    operates_site: bool = False

    @classmethod
    def system(cls, name: str) -> Access:
        """Full access for a named process. Never derived from a missing user."""
        return cls(actor=Actor(label=name), unrestricted=True)

    @classmethod
    def nobody(cls) -> Access:
        """What an anonymous visitor may do: nothing."""
        return cls(actor=Actor(label="anonymous"))

    @property
    def user_id(self) -> int | None:
        """The person behind this access; `None` for a process."""
        return self.actor.user_id

    def limited_to(self, permissions: frozenset[Permission]) -> Access:
        """The same access with at most the given permissions (an API token's scopes)."""
        return replace(
            self,
            projects={key: held & permissions for key, held in self.projects.items()},
            organizations={key: held & permissions for key, held in self.organizations.items()},
            operates_site=False,
        )

    def allows(self, permission: Permission, project_id: int) -> bool:
        """Whether the permission is held on the project."""
        return self.unrestricted or permission in self.projects.get(project_id, NOTHING)

    def allows_in_organization(self, permission: Permission, organization_id: int) -> bool:
        """Whether the permission is held on the organization itself."""
        return self.unrestricted or permission in self.organizations.get(organization_id, NOTHING)

    def require(self, permission: Permission, project_id: int) -> None:
        """Pass, or raise `NotVisible` for a project the actor cannot see, else `NotPermitted`."""
        if self.allows(permission, project_id):
            return
        if not self.allows(Permission.VIEW_GALLERY, project_id):
            raise NotVisible
        raise NotPermitted

    def require_work_of(self, maker_id: int, project_id: int) -> None:
        """Pass for one's own waiting work, or somebody else's in a project that one manages.

        People who operate the site pass everywhere: the machines are theirs to look after.
        """
        is_own = maker_id == self.user_id
        if not self.operates_site:
            self.require(
                Permission.REQUEST_IMAGES if is_own else Permission.MANAGE_PROJECT, project_id
            )

    def require_to_manage_work(self, project_id: int) -> None:
        """Pass for those who decide about everybody's work in a project."""
        if not self.operates_site:
            self.require(Permission.MANAGE_PROJECT, project_id)

    def require_in_organization(self, permission: Permission, organization_id: int) -> None:
        """Pass, or raise `NotVisible` for a foreign organization, else `NotPermitted`."""
        if self.allows_in_organization(permission, organization_id):
            return
        if not self.allows_in_organization(Permission.VIEW_ORGANIZATION, organization_id):
            raise NotVisible
        raise NotPermitted

    def allows_within(
        self, permission: Permission, organization_id: int, project_id: int | None
    ) -> bool:
        """Whether the permission is held on the project, or without one on the organization."""
        if project_id is None:
            return self.allows_in_organization(permission, organization_id)
        return self.allows(permission, project_id)

    def require_within(
        self, permission: Permission, organization_id: int, project_id: int | None
    ) -> None:
        """`require` on the project, or without one `require_in_organization`."""
        if project_id is None:
            self.require_in_organization(permission, organization_id)
        else:
            self.require(permission, project_id)

    def require_person(self, user_id: int, *, by_token: bool = False) -> None:
        """Pass for this very person, in their own hands unless `by_token` lets programs do it."""
        if self.unrestricted:
            return
        if self.user_id != user_id:
            raise NotVisible
        if self.actor.token_prefix and not by_token:
            raise NotPermitted(_("An API token cannot do this. Sign in and do it yourself."))

    def require_stranger(self) -> None:
        """Pass for a visitor who has not signed in, whose permission is a secret they were sent."""
        if self.user_id is not None:
            raise NotPermitted(_("You are signed in already. Sign out first."))

    def require_system(self) -> None:
        """Pass for the site's own processes and its operator's commands (`Access.system`)."""
        if not self.unrestricted:
            raise NotPermitted(_("Only the operator of the site can do this."))

    def require_operator(self) -> None:
        """Pass for people who operate the site, and for its own processes."""
        if not (self.unrestricted or self.operates_site):
            raise NotPermitted(_("Only the operator of the site can do this."))

    def projects_with(self, permission: Permission) -> list[int]:
        """Ids of the projects on which the permission is held (not meaningful for processes)."""
        return sorted(key for key, held in self.projects.items() if permission in held)

    def organizations_with(self, permission: Permission) -> list[int]:
        """Ids of the organizations on which the permission is held."""
        return sorted(key for key, held in self.organizations.items() if permission in held)
