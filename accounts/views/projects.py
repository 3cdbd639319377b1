"""Creating a project and describing it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.projects import create_project, rename_project
from accounts.forms.projects import ProjectForm
from accounts.http import PortalRequest
from accounts.queries.projects import organization_for, project_for
from accounts.roles import Permission
from accounts.views.answering import done


@require_http_methods(["GET", "POST"])
def project_create(request: PortalRequest, slug: str) -> HttpResponse:
    """Begin a project in an organization."""
    organization = organization_for(request.access, slug)
    request.organization = organization
    request.access.require_in_organization(Permission.CREATE_PROJECTS, organization.pk)
    form = ProjectForm(request.POST or None, organization_id=organization.pk)
    if form.is_valid():
        project = create_project(
            access=request.access,
            organization=organization,
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
        )
        sentence = _("%(project)s is there, and everybody in %(organization)s can use it.") % {
            "project": project,
            "organization": organization,
        }
        return done(request, sentence, "assets:gallery", project_id=project.pk)
    return render(
        request,
        "accounts/project_create.html",
        {"organization": organization, "form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def project_settings(request: PortalRequest, project_id: int) -> HttpResponse:
    """What a project is called and says about itself."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.MANAGE_PROJECT, project.pk)
    form = ProjectForm(
        request.POST or None, organization_id=project.organization_id, project=project
    )
    if form.is_valid():
        rename_project(
            access=request.access,
            project=project,
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
        )
        return done(
            request, _("The project is saved."), "accounts:project-settings", project_id=project.pk
        )
    return render(
        request,
        "accounts/project_settings.html",
        {"project": project, "form": form},
        status=422 if form.is_bound else 200,
    )
