"""The page that asks for pictures, and what comes of it beside the form."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import Access
from accounts.errors import InvalidInput, LimitExceeded, NotVisible
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from assets.views.cards import cards_of as picture_cards
from generation.actions.requesting import request_images
from generation.forms.asking import AskForm
from generation.forms.starting import StartForm, initial_of
from generation.models import GenerationRequest
from generation.queries.limits import rules_of_project
from generation.queries.requests import open_requests, recent_pictures
from generation.queries.starting import (
    Start,
    start_from_image,
    start_from_request,
    start_from_template,
    templates_to_choose,
    with_input,
)
from generation.views.estimating import estimate_card, offer_of
from generation.views.showing import cards_of
from generation.views.standing import standing


@never_cache  # the ticket in the form is for one ask: going back has to bring a new one
@require_http_methods(["GET", "POST"])
def create(request: PortalRequest, project_id: int) -> HttpResponse:
    """Show the form, filled as the address says, and take the ask."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.REQUEST_IMAGES, project.pk)
    rules = rules_of_project(project.pk)
    offer = offer_of(request.access, project, rules)
    if request.method == "POST":
        start = Start()
        form = AskForm(request.POST, offer=offer)
        made = _ask(request.access, project, form) if form.is_valid() else None
        if made:
            return redirect(_again(project, made, random=form.cleaned_data["seed"] is None))
    else:
        start = _start(request, project)
        form = AskForm(
            initial=initial_of(start), offer=offer, version=start.version, values=start.values
        )
    return render(
        request,
        "generation/create.html",
        {
            "project": project,
            "form": form,
            "offer": offer,
            "start": start,
            "templates": templates_to_choose(request.access, project),
            "model": form.model,
            "estimate": estimate_card(request.access, project, offer, form.numbers()),
            **standing(request.access, project, rules),
            **_workbench(request.access, project, start),
        },
        status=422 if form.is_bound else 200,
    )


def _ask(access: Access, project: Project, form: AskForm) -> GenerationRequest | None:
    """Ask, or say beside the fields why not: here a refusal belongs into the form."""
    try:
        return request_images(access=access, project=project, ask=form.to_ask())
    except (InvalidInput, LimitExceeded) as error:
        form.explain(error)
        return None


def _again(project: Project, made: GenerationRequest, *, random: bool) -> str:
    """Back at the bench: the same settings in the form, the new request beside it."""
    address = reverse("generation:create", kwargs={"project_id": project.pk})
    query = {"again": str(made.pk)} | ({"seed": "random"} if random else {})
    return f"{address}?{urlencode(query)}#bench"


def _start(request: PortalRequest, project: Project) -> Start:
    """What the address names. Whatever it names wrongly is not there."""
    form = StartForm(request.GET)
    if not form.is_valid():
        raise NotVisible
    said = form.cleaned_data
    start = Start()
    if said["from_image"]:
        start = start_from_image(request.access, project, said["from_image"], said["keep"])
    elif said["again"]:
        start = start_from_request(request.access, project, said["again"])
    elif said["template"]:
        start = start_from_template(request.access, project, said["template"])
    if said["input_image"]:
        start = with_input(request.access, project, start, said["input_image"])
    if said["seed"] == "random":
        start = replace(start, settings={**start.settings, "seed": None, "random_seed": True})
    return start


def _workbench(access: Access, project: Project, start: Start) -> dict[str, object]:
    """What the person is waiting for and what they made lately, in this project."""
    requests = open_requests(access, project.pk)
    last = start.request
    if last and last.project_id == project.pk and last.pk not in {each.pk for each in requests}:
        requests.append(last)
    return {
        "cards": cards_of(access, requests),
        "pictures": picture_cards(
            recent_pictures(access, project.pk, besides=[each.pk for each in requests])
        ),
    }
