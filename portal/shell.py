"""What surrounds every page: navigation, project switcher, the person. Read once, when drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Organization, Project, User
from accounts.queries.projects import organizations_of, projects_of
from accounts.roles import Permission
from assets.queries.review_queue import waiting_for_review
from generation.queries.queue import open_count


MOST_SHOWN = 999


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; `count` draws a small number when it is not zero."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None

    @property
    def badge(self) -> str:
        """The number as it is drawn: short enough for a phone."""
        if not self.count:
            return ""
        return f"{MOST_SHOWN}+" if self.count > MOST_SHOWN else str(self.count)


# Pages without an entry of their own, and the room that they lie in.
ROOMS = {
    "assets:image": "assets:gallery",
    "assets:collection": "assets:collections",
    "assets:collection-create": "assets:collections",
    "assets:collection-edit": "assets:collections",
    "assets:tags": "assets:collections",
    "assets:tag-rename": "assets:collections",
    "assets:tag-merge": "assets:collections",
    "assets:searches": "assets:collections",
    "assets:search-edit": "assets:collections",
    "assets:similar": "assets:gallery",
    "assets:export": "assets:gallery",
    "assets:import": "assets:gallery",
    "assets:import-result": "assets:gallery",
    "assets:operation": "assets:operations",
    "assets:storage": "accounts:project-settings",
    "assets:storage-people": "accounts:project-settings",
    "generation:request": "generation:requests",
    "generation:request-edit": "generation:requests",
    "generation:request-start": "generation:requests",
    "generation:policy": "accounts:project-settings",
    "accounts:invite": "accounts:members",
    "generation:site-model": "generation:site-models",
    "generation:site-loras": "generation:site-models",
    "generation:canaries": "generation:site-models",
    "generation:share-set": "generation:site-shares",
    "assets:template": "assets:templates",
    "assets:template-create": "assets:templates",
    "assets:template-edit": "assets:templates",
}


class Shell:
    """The data of `base.html`. Properties query when they are first used: fragments pay nothing."""

    site_name = settings.SITE_NAME

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        match = request.resolver_match
        self._view = match.view_name if match else ""
        self._project_id = match.kwargs.get("project_id") if match else None

    @property
    def person(self) -> User | None:
        """Who is signed in."""
        user = getattr(self._request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def language(self) -> str:
        """The active language code."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def theme(self) -> str:
        """`system`, `dark` or `light`."""
        if self.person:
            return self.person.theme
        return self._request.COOKIES.get("theme", "system")

    @cached_property
    def projects(self) -> list[Project]:
        """The person's projects, with their organizations, by organization and name."""
        if not self.person:
            return []
        known: list[Project] | None = getattr(self._request, "projects", None)
        return list(projects_of(self._access)) if known is None else known

    @cached_property
    def project(self) -> Project | None:
        """The project of this page; elsewhere the first that fits, so that the way back is short.

        On a page about an organization it is the first of that organization, if there is any.
        """
        wanted = getattr(self._request, "project", None)
        wanted_id = wanted.pk if wanted else self._project_id
        for project in self.projects:
            if project.pk == wanted_id:
                return project
        place: Organization | None = getattr(self._request, "organization", None)
        fitting = (p for p in self.projects if place is None or p.organization_id == place.pk)
        return next(fitting, None)

    @cached_property
    def organization(self) -> Organization | None:
        """The organization of this page or project; without projects the person's first."""
        place: Organization | None = getattr(self._request, "organization", None)
        if place is not None:
            return place
        if self.project is not None:
            return self.project.organization
        return organizations_of(self._access).first() if self.person else None

    @cached_property
    def nav(self) -> list[NavItem]:
        """Where the daily work is: the rooms of the current project."""
        if not self.person:
            return []
        items = [
            NavItem(
                _("Home"), reverse("portal:home"), "layout-dashboard", self._view == "portal:home"
            )
        ]
        if self.project is None:
            return items
        place = {"project_id": self.project.pk}
        items += [
            self._item(_("Gallery"), "assets:gallery", "images", place),
            self._item(_("Generate"), "generation:create", "sparkles", place),
            self._item(_("Requests"), "generation:requests", "list-checks", place),
        ]
        if self._access.allows(Permission.REVIEW_IMAGES, self.project.pk):
            waiting = waiting_for_review(self._access, self.project.pk)
            items.append(
                self._item(_("Review"), "assets:review-queue", "check-check", place, waiting)
            )
        items += [
            self._item(_("Collections"), "assets:collections", "library", place),
            self._item(_("Overview"), "portal:project-home", "gauge", place),
        ]
        items.append(
            self._item(_("Queue"), "generation:queue", "list", {}, open_count(self._access))
        )
        if self._access.allows(Permission.ORGANIZE_IMAGES, self.project.pk):
            items.append(self._item(_("Near-duplicates"), "assets:duplicates", "layers", place))
            items.append(self._item(_("Trash"), "assets:trash", "trash-2", place))
        return items

    @cached_property
    def organization_nav(self) -> list[NavItem]:
        """What belongs to the organization: its library and, for admins, its people."""
        organization = self.organization
        if organization is None:
            return []
        place = {"slug": organization.slug}
        items = [self._item(_("Templates"), "assets:templates", "layout-template", place)]
        project_id = self.project.pk if self.project else None
        if self._holds(Permission.MANAGE_MEMBERS, organization.pk, project_id):
            items.append(self._item(_("Members"), "accounts:members", "users", place))
        if self._access.allows_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk):
            items.append(self._item(_("Limits"), "generation:organization-policy", "gauge", place))
        if self._manages_work_in(organization.pk):
            items.append(
                self._item(_("Team queue"), "generation:organization-queue", "hourglass", place)
            )
        if self._holds(Permission.VIEW_AUDIT, organization.pk, project_id):
            items.append(self._item(_("Audit"), "accounts:audit", "scroll-text", place))
        manages = self._access.allows_in_organization(
            Permission.MANAGE_ORGANIZATION, organization.pk
        )
        if manages and not self._access.operates_site:  # operators have them under "Site"
            items.append(self._item(_("Workers"), "generation:organization-workers", "cpu", place))
        if self.project and self._access.allows(Permission.MANAGE_PROJECT, self.project.pk):
            items.append(
                self._item(
                    _("Settings"),
                    "accounts:project-settings",
                    "settings",
                    {"project_id": self.project.pk},
                )
            )
        return items

    @cached_property
    def site_nav(self) -> list[NavItem]:
        """What belongs to the site, for those who operate it."""
        if not (self.person and self._access.operates_site):
            return []
        return [
            self._item(_("Workers"), "generation:workers", "cpu", {}),
            self._item(_("Models"), "generation:site-models", "layers", {}),
            self._item(_("Shares"), "generation:site-shares", "gauge", {}),
            self._item(_("Audit of the site"), "accounts:site-audit", "history", {}),
        ]

    @cached_property
    def account_nav(self) -> list[NavItem]:
        """What belongs to the person."""
        return [
            self._item(_("Profile"), "accounts:profile", "circle-user-round", {}),
            self._item(_("Batch changes"), "assets:operations", "list-checks", {}),
            self._item(_("API tokens"), "accounts:tokens", "key-round", {}),
        ]

    def _holds(self, permission: Permission, organization_id: int, project_id: int | None) -> bool:
        # Admins of a project manage its people and read its part of the trail on the same pages.
        return self._access.allows_in_organization(permission, organization_id) or (
            project_id is not None and self._access.allows(permission, project_id)
        )

    def _manages_work_in(self, organization_id: int) -> bool:
        """Whether one of the organization's projects is theirs to manage, or all of them."""
        return self._access.allows_in_organization(
            Permission.MANAGE_ORGANIZATION, organization_id
        ) or any(
            self._access.allows(Permission.MANAGE_PROJECT, project.pk)
            for project in self.projects
            if project.organization_id == organization_id
        )

    @property
    def _access(self) -> Access:
        access: Access = self._request.access  # type: ignore[attr-defined]  # PortalRequest
        return access

    def _item(
        self,
        label: str,
        name: str,
        icon: str,
        place: Mapping[str, object],
        count: int | None = None,
    ) -> NavItem:
        is_current = ROOMS.get(self._view, self._view) == name
        return NavItem(label, reverse(name, kwargs=dict(place)), icon, is_current, count)


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}
