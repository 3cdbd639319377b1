"""What surrounds every page: navigation, project switcher, the person. Read once, when drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assets.queries.review_queue import waiting_for_review
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Project, User
from accounts.queries.projects import projects_of
from accounts.roles import Permission


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation; `count` draws a small number when it is not zero."""

    label: str
    url: str
    icon: str
    current: bool = False
    count: int | None = None


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
        return list(projects_of(self._access)) if self.person else []

    @cached_property
    def project(self) -> Project | None:
        """The project of this page; elsewhere the person's first, so that the way back is short."""
        wanted = getattr(self._request, "project", None)
        wanted_id = wanted.pk if wanted else self._project_id
        for project in self.projects:
            if project.pk == wanted_id:
                return project
        return self.projects[0] if self.projects else None

    @cached_property
    def nav(self) -> list[NavItem]:
        """Where the daily work is: the rooms of the current project."""
        if not self.person:
            return []
        items = [NavItem(_("Home"), reverse("portal:home"), "layout-dashboard", self._view == "portal:home")]
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
        return items

    @cached_property
    def organization_nav(self) -> list[NavItem]:
        """What belongs to the organization: its library and, for admins, its people."""
        if self.project is None:
            return self._organizations_without_projects()
        organization = self.project.organization
        place = {"slug": organization.slug}
        items = [self._item(_("Templates"), "assets:templates", "layout-template", place)]
        if self._access.allows_in_organization(Permission.MANAGE_MEMBERS, organization.pk):
            items.append(self._item(_("Members"), "accounts:members", "users", place))
            items.append(self._item(_("Audit"), "accounts:audit", "scroll-text", place))
        if self._access.allows(Permission.MANAGE_PROJECT, self.project.pk):
            items.append(
                self._item(
                    _("Settings"),
                    "accounts:project-settings",
                    "settings",
                    {"project_id": self.project.pk},
                )
            )
        return items

    def _organizations_without_projects(self) -> list[NavItem]:
        # An admin of a new organization has no project yet: leave them the door to make one.
        return []

    @property
    def _access(self) -> Access:
        access: Access = self._request.access  # type: ignore[attr-defined]  # PortalRequest
        return access

    def _item(
        self, label: str, name: str, icon: str, place: dict[str, object], count: int | None = None
    ) -> NavItem:
        return NavItem(label, reverse(name, kwargs=place), icon, self._view == name, count)


def shell(request: HttpRequest) -> dict[str, object]:
    """Context processor: `shell` in every template."""
    return {"shell": Shell(request)}
