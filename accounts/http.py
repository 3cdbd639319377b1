"""The request as the views of this project know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.access import Access
    from accounts.models import Organization, Project, User


class PortalRequest(HttpRequest):
    """A request of a signed-in person: `access` answers "may I?", `htmx` says who asks for what.

    A view sets `project` or `organization` when its page is about one: the navigation follows. One
    that has read all `projects` of the person leaves them there for the navigation.
    """

    user: User
    access: Access
    htmx: HtmxDetails
    project: Project
    projects: list[Project]
    organization: Organization
