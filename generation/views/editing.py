"""The page that changes a request of which nothing has begun."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded
from accounts.http import PortalRequest
from accounts.views.answering import done
from generation.actions.editing import edit_request
from generation.checked_asks import ask_of
from generation.forms.editing import EditForm
from generation.forms.start_choice import start_of
from generation.forms.starting import initial_of
from generation.limits import Rules
from generation.models import GenerationRequest
from generation.queries.limits import rules_of_project
from generation.queries.requests import request_for
from generation.queries.starting import Start, start_from_request
from generation.views.after_change import QUEUE
from generation.views.estimating import offer_of
from generation.views.standing import standing
from generation.waiting_work import may_be_edited


@never_cache
@require_http_methods(["GET", "POST"])
def request_edit(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Show the form filled with the request, and take what was changed."""
    found = request_for(request.access, request_id)
    request.project = found.project
    request.access.require_work_of(found.created_by_id, found.project_id)
    from_queue = (request.POST or request.GET).get("at") == QUEUE
    start = start_from_request(request.access, found.project, found.pk)
    rules = rules_of_project(found.project_id)
    form = _form(request, found, start, rules)
    if form.is_bound and form.is_valid() and _edit(request, found, form):
        to = "generation:queue" if from_queue else "generation:request"
        place = {} if from_queue else {"request_id": found.pk}
        return done(request, _("Saved. It keeps its place in the line."), to, **place)
    return render(
        request,
        "generation/edit.html",
        {
            "project": found.project,
            "editing": found,
            "form": form,
            "offer": form.offer,
            "start": start,
            "at": QUEUE if from_queue else "",
            "is_own": found.created_by_id == request.user.pk,
            "model": form.model,
            **standing(request.access, found.project, rules),
        },
        status=422 if form.is_bound else 200,
    )


def _form(request: PortalRequest, found: GenerationRequest, start: Start, rules: Rules) -> EditForm:
    jobs = list(found.jobs.all())
    if not may_be_edited(jobs):
        raise InvalidTransition(
            _("This request has begun or ended, so it can no longer be edited. Ask again instead.")
        )
    base = ask_of(found, jobs)
    return EditForm(
        request.POST if request.method == "POST" else None,
        initial={
            **initial_of(start),
            "count": base.count,
            **start_of(base.lane, base.start_at),
        },
        offer=offer_of(request.access, found.project, rules),
        version=start.version,
        values=start.values,
        base=base,
        own=found.created_by_id == request.user.pk,
        edited_at=found.edited_at,
    )


def _edit(request: PortalRequest, found: GenerationRequest, form: EditForm) -> bool:
    """Edit, or say beside the fields why not; what is too late has a page of its own."""
    if form.is_stale:
        raise InvalidTransition
    try:
        edit_request(access=request.access, request=found, ask=form.to_ask())
    except (InvalidInput, LimitExceeded) as error:
        form.explain(error)
        return False
    return True
