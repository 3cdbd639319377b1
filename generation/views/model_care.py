"""Models and LoRAs, for those who operate the site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.errors import InvalidInput
from accounts.http import PortalRequest
from accounts.views.answering import done
from generation.actions import loras as lora_acting
from generation.actions import model_settings as acting
from generation.actions.lora_files import accept_lora
from generation.forms.loras import LoraForm
from generation.forms.model_settings import ModelForm
from generation.queries.canaries import canary_state
from generation.queries.model_care import (
    lora_of_site,
    loras_of_site,
    model_of_site,
    models_of_site,
    unregistered_lora_files,
)


@require_GET
def models(request: PortalRequest) -> HttpResponse:
    """Every model of the site."""
    rows = models_of_site(request.access)
    return render(request, "generation/site_models.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def model(request: PortalRequest, model_id: int) -> HttpResponse:
    """What suits a model."""
    found = model_of_site(request.access, model_id)
    form = ModelForm(request.POST if request.method == "POST" else None, model=found)
    if form.is_bound and form.is_valid():
        try:
            acting.edit_model(access=request.access, model=found, settings=form.to_settings())
        except InvalidInput as refusal:
            form.add_refusal(refusal.field, refusal.sentence)
        else:
            sentence = _("The settings of %(model)s are saved.") % {"model": found}
            return done(request, sentence, "generation:site-models")
    return render(
        request,
        "generation/site_model.html",
        {"model": found, "form": form, "canaries": canary_state([found])[found.pk]},
        status=422 if form.is_bound else 200,
    )


@require_POST
def model_enable(request: PortalRequest, model_id: int) -> HttpResponse:
    """Let people choose a model again."""
    return _change(request, model_id, acting.enable_model, _("People can choose %(model)s again."))


@require_POST
def model_disable(request: PortalRequest, model_id: int) -> HttpResponse:
    """Let nobody choose a model."""
    sentence = _("Nobody can choose %(model)s now. What waits for it is still made.")
    return _change(request, model_id, acting.disable_model, sentence)


@require_POST
def model_default(request: PortalRequest, model_id: int) -> HttpResponse:
    """Let requests that name no model get this one."""
    sentence = _("%(model)s is the default model now.")
    return _change(request, model_id, acting.make_default, sentence)


@require_POST
def model_retire(request: PortalRequest, model_id: int) -> HttpResponse:
    """Take a model away for good."""
    return _change(request, model_id, acting.retire_model, _("%(model)s is retired."))


@require_http_methods(["GET", "POST"])
def loras(request: PortalRequest) -> HttpResponse:
    """Every LoRA, and the form that registers another."""
    files = unregistered_lora_files(request.access)
    form = LoraForm(request.POST if request.method == "POST" else None, files=files)
    if form.is_valid():
        try:
            lora = lora_acting.register_lora(access=request.access, new=form.to_lora())
        except InvalidInput as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            sentence = _("People can choose %(lora)s now.") % {"lora": lora}
            return done(request, sentence, "generation:site-loras")
    return render(
        request,
        "generation/site_loras.html",
        {
            "loras": loras_of_site(request.access),
            "form": form,
            "files": files,
            "directory": settings.LORA_DIR,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
def lora_enable(request: PortalRequest, lora_id: int) -> HttpResponse:
    """Let people choose a LoRA again, with its file as it is now where this machine has it."""
    lora = lora_of_site(request.access, lora_id)
    if settings.LORA_DIR:
        accept_lora(access=request.access, lora=lora, root=Path(settings.LORA_DIR))
    else:
        lora_acting.enable_lora(access=request.access, lora=lora)
    sentence = _("People can choose %(lora)s again.") % {"lora": lora}
    return done(request, sentence, "generation:site-loras")


@require_POST
def lora_disable(request: PortalRequest, lora_id: int) -> HttpResponse:
    """Let nobody choose a LoRA."""
    lora = lora_of_site(request.access, lora_id)
    lora_acting.disable_lora(access=request.access, lora=lora)
    sentence = _("Nobody can choose %(lora)s now.") % {"lora": lora}
    return done(request, sentence, "generation:site-loras")


def _change(
    request: PortalRequest, model_id: int, action: Callable[..., None], sentence: str
) -> HttpResponse:
    found = model_of_site(request.access, model_id)
    action(access=request.access, model=found)
    return done(request, sentence % {"model": found}, "generation:site-models")
