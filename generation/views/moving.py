"""Where a waiting request stands and when it starts: the buttons and the page for both."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import InvalidInput, LimitExceeded
from accounts.http import PortalRequest
from generation.actions.reordering import move_pictures
from generation.actions.rescheduling import reschedule
from generation.forms.start_choice import LANES, Clock, StartChoice, start_of
from generation.forms.waiting import MoveForm, PicturesForm, said
from generation.models import GenerationRequest
from generation.moves import Move
from generation.queries.limits import limits_of
from generation.queries.requests import request_for
from generation.types import WAITING, JobStatus
from generation.views.after_change import QUEUE, shown_after


@require_POST
def request_move(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Move a request, or one of its pictures, in its maker's line."""
    found = request_for(request.access, request_id)
    form = MoveForm(request.POST)
    said(form)
    move_pictures(
        access=request.access,
        request=found,
        to=Move(form.cleaned_data["to"]),
        only=form.only,
    )
    return shown_after(request, request_id)


@never_cache
@require_http_methods(["GET", "POST"])
def request_start(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Choose when a request starts; the buttons beside it send one of the choices."""
    found = request_for(request.access, request_id)
    request.project = found.project
    request.access.require_work_of(found.created_by_id, found.project_id)
    form = StartChoice(
        request.POST if request.method == "POST" else None, initial=_start_now(found)
    )
    form.offer_start(Clock(limits_of(found.project_id), found.project.organization.time_zone))
    if form.is_bound and form.is_valid() and _reschedule(request, found, form):
        return shown_after(request, request_id)
    return render(
        request,
        "generation/start.html",
        {
            "project": found.project,
            "asked": found,
            "form": form,
            "at": QUEUE if (request.POST or request.GET).get("at") == QUEUE else "",
        },
        status=422 if form.is_bound else 200,
    )


def _start_now(found: GenerationRequest) -> dict[str, object]:
    """How the chooser stands: as the first picture that waits."""
    for job in found.jobs.all():
        if job.status in WAITING:
            moment = job.start_at if job.status == JobStatus.SCHEDULED else None
            return start_of(job.lane, moment)
    return {}


def _reschedule(request: PortalRequest, found: GenerationRequest, form: StartChoice) -> bool:
    """Change the start, or say beside the field why not."""
    pictures = PicturesForm(request.POST)
    said(pictures)
    try:
        reschedule(
            access=request.access,
            request=found,
            moment=form.cleaned_data["start_at"],
            lane=LANES.get(form.cleaned_data["start"]),
            only=pictures.only,
        )
    except (InvalidInput, LimitExceeded) as error:
        form.add_error("start_at" if error.field == "start_at" else None, error.sentence)
        return False
    return True
