"""The limits of a project."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import done
from generation.actions.policies import change_policy
from generation.forms.limits import LimitsForm
from generation.queries.limits import policy_of


@require_http_methods(["GET", "POST"])
def policy(request: PortalRequest, project_id: int) -> HttpResponse:
    """What people may ask of the GPU in a project."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.MANAGE_PROJECT, project.pk)
    form = LimitsForm(
        request.POST if request.method == "POST" else None, values=policy_of(project.pk)
    )
    if form.is_valid():
        change_policy(access=request.access, project=project, values=form.to_values())
        return done(request, _("The limits are saved."), "generation:policy", project_id=project.pk)
    return render(
        request,
        "generation/policy.html",
        {"project": project, "form": form},
        status=422 if form.is_bound else 200,
    )
