"""Organizations and their projects."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions.projects import create_project
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Text
from accounts.api.paging import PageQuery, page_of, page_response
from accounts.api.shapes import OrganizationSerializer, ProjectSerializer
from accounts.models import Project
from accounts.queries.keyset import keyset_page
from accounts.queries.projects import (
    organization_for,
    organizations_of,
    project_for,
    projects_of,
)
from accounts.roles import Scope


class ProjectQuery(PageQuery):
    """Which projects to list."""

    organization = Text(
        required=False, max_length=50, help_text="The short name of an organization."
    )


class ProjectInput(Input):
    """A new project."""

    name = Text(max_length=Project.NAME_LIMIT)
    description = Text(max_length=500, required=False, default="", allow_blank=True)


class OrganizationsView(ApiView):
    """The organizations of the caller."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="organizations_list",
        parameters=[PageQuery],
        responses=page_of(OrganizationSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the organizations that you belong to; a token belongs to one of them."""
        access, query = access_of(request), read_query(request, PageQuery)
        page = keyset_page(organizations_of(access), size=query["limit"], cursor=query["cursor"])
        return page_response(request, OrganizationSerializer, page.rows, page.cursor, access=access)


class OrganizationProjectsView(ApiView):
    """The projects of one organization."""

    required_scopes = {"POST": Scope.MANAGE}

    @extend_schema(
        operation_id="projects_create", request=ProjectInput, responses={201: ProjectSerializer}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Begin a project. It is open at once to all members of the whole organization."""
        access = access_of(request)
        organization = organization_for(access, slug)
        values = read_body(request, ProjectInput)
        project = create_project(access=access, organization=organization, **values)
        shown = ProjectSerializer(project, context={"access": access})
        location = reverse("api:project", args=[project.pk])
        return Response(shown.data, status=201, headers={"Location": location})


class ProjectsView(ApiView):
    """The projects of the caller."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="projects_list",
        parameters=[ProjectQuery],
        responses=page_of(ProjectSerializer),
    )
    def get(self, request: Request) -> Response:
        """List the projects that you can see, the oldest first."""
        access, query = access_of(request), read_query(request, ProjectQuery)
        projects = projects_of(access)
        if "organization" in query:
            projects = projects.filter(organization__slug=query["organization"])
        page = keyset_page(projects, size=query["limit"], cursor=query["cursor"])
        return page_response(request, ProjectSerializer, page.rows, page.cursor, access=access)


class ProjectView(ApiView):
    """One project."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="projects_retrieve", responses=ProjectSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Show a project and what you may do in it."""
        access = access_of(request)
        shown = ProjectSerializer(project_for(access, project_id), context={"access": access})
        return Response(shown.data)
