"""Doing something to many pictures: ordering it, watching it, stopping it, taking it back."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from accounts.errors import InvalidInput, InvalidTransition, NotVisible
from accounts.http import PortalRequest
from accounts.queries.keyset import keyset_page
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import done
from assets.actions.operations import cancel_operation
from assets.forms.chosen import chosen_from
from assets.forms.operation import OperationForm
from assets.models import Operation
from assets.operations.ordering import begin, take_back
from assets.operations.reasons import words_of
from assets.queries.operations import (
    last_undoable,
    left_alone,
    my_operations,
    my_operations_among,
    operation_for,
    reasons_of,
)
from assets.types import RenditionKind
from assets.views.cards import image_url, rendition_url
from assets.views.operation_cards import card_of, cards_of
from assets.views.operation_questions import question_of

PAGE_SIZE = 30
MOST_IN_DOCK = 8
LARGEST_POSITION = 2**31 - 1


@require_POST
def operation_begin(request: PortalRequest, project_id: int) -> HttpResponse:
    """Do something to the selected pictures; a part for the dock, or the page about it."""
    project = project_for(request.access, project_id)
    request.project = project
    form = OperationForm(request.POST)
    if not form.is_valid():
        field, sentence = form.first_error
        raise InvalidInput(sentence, field=field)
    operation = begin(
        access=request.access,
        project=project,
        kind=form.kind_chosen,
        chosen=chosen_from(request.access, project, request.POST),
        arguments=form.arguments,
    )
    return answer(request, operation)


@require_GET
def operation_ask(request: PortalRequest, project_id: int, kind: str) -> HttpResponse:
    """Which tag, collection or project: the form for the selected pictures."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project_id)
    context = question_of(request.access, project, kind)
    if context is None:
        raise NotVisible
    return render(request, "assets/_operation_ask.html", context)


@require_POST
def undo_last(request: PortalRequest, project_id: int) -> HttpResponse:
    """Take back the last thing that the person did to pictures of this project."""
    project = project_for(request.access, project_id)
    request.project = project
    operation = last_undoable(request.access, project.pk)
    if operation is None:
        raise InvalidTransition(_("There is nothing to undo in this project."))
    return answer(request, take_back(access=request.access, operation=operation))


@require_GET
def operations(request: PortalRequest) -> HttpResponse:
    """What the person ordered, newest first."""
    cursor = _whole(request.GET.get("cursor", ""), 2**63 - 1)
    page = keyset_page(
        my_operations(request.access), size=PAGE_SIZE, cursor=cursor, descending=True
    )
    address = reverse("assets:operations")
    context = {
        "cards": cards_of(request.access, page.rows),
        "next_url": f"{address}?cursor={page.cursor}" if page.cursor else "",
        "is_first": cursor is None,
    }
    return render(request, "assets/operations.html", context)


@require_GET
def operation(request: PortalRequest, uid: UUID) -> HttpResponse:
    """One operation: how far it is, what it did, and what it left alone and why."""
    found = operation_for(request.access, uid)
    request.project = found.project
    if request.htmx and not request.htmx.history_restore_request:
        response = _part(request, found)
    else:
        response = render(request, "assets/operation.html", _whole_story(request, found))
    patch_vary_headers(response, ["HX-Request"])
    return response


@never_cache
@require_GET
def operations_dock(request: PortalRequest) -> HttpResponse:
    """The operations that a browser follows (`uid`, repeated), as cards of its dock."""
    uids = []
    for text in request.GET.getlist("uid")[:MOST_IN_DOCK]:
        with suppress(ValueError):
            uids.append(UUID(text))
    cards = cards_of(request.access, my_operations_among(request.access, uids))
    return render(request, "assets/_operation_cards.html", {"cards": cards})


@require_POST
def operation_cancel(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Stop it; what was done stays done."""
    found = operation_for(request.access, uid)
    cancel_operation(access=request.access, operation=found)
    if request.htmx:
        return _part(request, operation_for(request.access, uid))
    return done(request, _("It stops. What was done so far stays."), "assets:operation", uid=uid)


@require_POST
def operation_undo(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Take back what it did."""
    found = operation_for(request.access, uid)
    return answer(request, take_back(access=request.access, operation=found))


def answer(request: PortalRequest, begun: Operation) -> HttpResponse:
    """Show what was begun: its card for the dock of this page, or a page of its own."""
    shown = operation_for(request.access, begun.uid)
    if not request.htmx:
        return redirect("assets:operation", uid=shown.uid)
    response = _part(request, shown)
    return trigger_client_event(response, "atelier:ordered", {"operation": str(shown.uid)})


def _part(request: PortalRequest, shown: Operation) -> HttpResponse:
    card = card_of(request.access, shown)
    return render(request, "assets/_operation_card.html", {"card": card})


def _whole_story(request: PortalRequest, shown: Operation) -> dict[str, object]:
    cursor = _whole(request.GET.get("cursor", ""), LARGEST_POSITION)
    page = left_alone(request.access, shown, cursor=cursor)
    address = reverse("assets:operation", kwargs={"uid": shown.uid})
    return {
        "card": card_of(request.access, shown),
        "reasons": [(words_of(code), count) for code, count in reasons_of(shown)],
        "left_alone": [
            {
                "words": words_of(item.reason),
                "name": item.name or (str(item.image) if item.image else _("A picture")),
                "url": image_url(item.image) if item.image else "",
                "thumb": rendition_url(item.image, RenditionKind.THUMB) if item.image else "",
            }
            for item in page.items
        ],
        "next_url": f"{address}?cursor={page.cursor}" if page.cursor is not None else "",
        "is_first": cursor is None,
    }


def _whole(text: str, largest: int) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= largest:
        return int(text)
    return None
