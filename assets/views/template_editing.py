"""Writing the prompt library: for people who may edit templates."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import PortalRequest
from accounts.models import Organization
from accounts.queries.projects import organization_for
from accounts.roles import Permission
from accounts.views.answering import done
from assets.actions.templating import (
    create_template,
    publish_version,
    rename_template,
    restore_template,
    retire_template,
    save_draft,
)
from assets.forms.template import TemplateForm, examples_in, problem_in, with_examples
from assets.queries.templates import Entry, template_for
from assets.types import VersionStatus
from assets.views.templates import template_url


@require_http_methods(["GET", "POST"])
def template_create(request: PortalRequest, slug: str) -> HttpResponse:
    """An empty editor, and its first save."""
    organization = _editable(request, organization_for(request.access, slug))
    if request.method == "GET":
        form = TemplateForm(access=request.access, organization=organization)
        return _editor(request, organization, form)
    form = TemplateForm(request.POST, access=request.access, organization=organization)
    if not form.is_valid():
        return _editor(request, organization, form, status=422)
    words = form.cleaned_data
    template = create_template(
        access=request.access,
        organization=organization,
        name=words["name"],
        description=words["description"],
        prompt=words["prompt"],
        negative_prompt=words["negative_prompt"],
        suggestions=form.suggestions,
    )
    sentence = _("Saved as a draft. Publish it when it is ready for everybody.")
    return done(request, sentence, "assets:template", template_id=template.pk)


@require_http_methods(["GET", "POST"])
def template_edit(request: PortalRequest, template_id: int) -> HttpResponse:
    """The editor of the draft; after a publication it begins the next one."""
    entry = template_for(request.access, template_id)
    organization = _editable(request, entry.template.organization)
    if request.method == "GET":
        form = TemplateForm(access=request.access, organization=organization, entry=entry)
        return _editor(request, organization, form, entry=entry)
    form = TemplateForm(request.POST, access=request.access, organization=organization, entry=entry)
    if not form.is_valid():
        return _editor(request, organization, form, entry=entry, status=422)
    words = form.cleaned_data
    rename_template(
        access=request.access,
        template=entry.template,
        name=words["name"],
        description=words["description"],
    )
    draft = save_draft(
        access=request.access,
        template=entry.template,
        prompt=words["prompt"],
        negative_prompt=words["negative_prompt"],
        suggestions=form.suggestions,
    )
    if draft.status == VersionStatus.PUBLISHED:
        return done(request, _("Saved."), template_url(entry))
    sentence = _("Draft of version %(number)s saved.") % {"number": draft.number}
    return done(request, sentence, template_url(entry, draft.number))


@require_POST
def template_variables(request: PortalRequest, slug: str) -> HttpResponse:
    """What the editor shows beside the prompt while it is written. Changes nothing."""
    _editable(request, organization_for(request.access, slug))
    prompt = request.POST.get("prompt", "")
    variables, kept = with_examples(prompt, examples_in(request.POST))
    context = {"variables": variables, "kept": kept, "problem": problem_in(prompt)}
    return render(request, "assets/_template_variables.html", context)


@require_POST
def template_publish(request: PortalRequest, template_id: int) -> HttpResponse:
    """Freeze the draft and offer it to everybody."""
    entry = template_for(request.access, template_id)
    version = publish_version(access=request.access, template=entry.template)
    sentence = _("Version %(number)s is published.") % {"number": version.number}
    return done(request, sentence, template_url(entry))


@require_POST
def template_retire(request: PortalRequest, template_id: int) -> HttpResponse:
    """Take the template out of the library."""
    entry = template_for(request.access, template_id)
    retire_template(access=request.access, template=entry.template)
    return done(
        request, _("Retired. Pictures made with it keep their record."), template_url(entry)
    )


@require_POST
def template_restore(request: PortalRequest, template_id: int) -> HttpResponse:
    """Put the template back into the library."""
    entry = template_for(request.access, template_id)
    restore_template(access=request.access, template=entry.template)
    return done(request, _("Back in the library."), template_url(entry))


def _editable(request: PortalRequest, organization: Organization) -> Organization:
    request.access.require_in_organization(Permission.EDIT_TEMPLATES, organization.pk)
    request.organization = organization
    return organization


def _editor(
    request: PortalRequest,
    organization: Organization,
    form: TemplateForm,
    *,
    entry: Entry | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "organization": organization,
        "entry": entry,
        "form": form,
        "back_url": template_url(entry)
        if entry
        else reverse("assets:templates", kwargs={"slug": organization.slug}),
    }
    return render(request, "assets/template_edit.html", context, status=status)
