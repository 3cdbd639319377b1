"""The canaries of a model: whether it still draws what it drew, and what is to be believed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PortalRequest
from accounts.views.answering import done
from assets.delivery import deliver_kept
from generation.actions.canaries import accept_canaries, reset_canaries
from generation.queries.canaries import canaries_for, canary_picture


@require_GET
def canaries(request: PortalRequest, model_id: int) -> HttpResponse:
    """What was drawn where, and beside it the reference of what has changed."""
    state = canaries_for(request.access, model_id)
    return render(request, "generation/canaries.html", {"state": state, "mode": settings.CANARY})


@require_POST
def accept(request: PortalRequest, model_id: int) -> HttpResponse:
    """Make what the model draws now the reference."""
    state = canaries_for(request.access, model_id)
    accept_canaries(access=request.access, model=state.model)
    sentence = _("What the model draws now is the reference.")
    return done(request, sentence, "generation:canaries", model_id=model_id)


@require_POST
def reset(request: PortalRequest, model_id: int) -> HttpResponse:
    """Forget the references."""
    state = canaries_for(request.access, model_id)
    reset_canaries(access=request.access, model=state.model)
    sentence = _("The canaries are forgotten. New ones are drawn when the model is next loaded.")
    return done(request, sentence, "generation:canaries", model_id=model_id)


@require_GET
def picture(request: PortalRequest, model_id: int, run_id: int) -> HttpResponseBase:
    """One canary that was kept."""
    return deliver_kept(request, canary_picture(request.access, model_id, run_id).path)
