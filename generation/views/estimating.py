"""What an ask would cost and when its pictures would come, beside the button that sends it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import Access
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from generation.estimating import Estimate, QuotaShare, estimate
from generation.forms.asking import AskForm, Offer
from generation.holding import HoldKind
from generation.limits import Rules
from generation.queries.limits import rules_of_project
from generation.queries.loras import enabled_loras
from generation.queries.models import enabled_models
from generation.queries.starting import usable_pictures, usable_versions
from generation.quotas import Period, Unit, Who, amount_words
from generation.sizes import SizePreset
from generation.wording import size_words

# Said by other things on the page, or chosen by the person.
UNSAID = frozenset({HoldKind.SCHEDULED})
# What the person can do nothing about but wait.
CALM = frozenset(
    {HoldKind.OWN_RUNNING, HoldKind.TEAM_RUNNING, HoldKind.PEOPLE_RUNNING, HoldKind.CLOSED}
)

SHARES: Mapping[tuple[Who, Period], Promise] = {
    (Who.PERSON, Period.DAY): gettext_lazy("Uses %(percent)d %% of what you have left today"),
    (Who.PERSON, Period.MONTH): gettext_lazy(
        "Uses %(percent)d %% of what you have left this month"
    ),
    (Who.EVERYBODY, Period.DAY): gettext_lazy(
        "Uses %(percent)d %% of what everybody together has left today"
    ),
    (Who.EVERYBODY, Period.MONTH): gettext_lazy(
        "Uses %(percent)d %% of what everybody together has left this month"
    ),
}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know before sending: a warning, or just how it is."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateCard:
    """An estimate in words; each may be empty.

    `too_large` are the sizes that the form offers and no worker has the memory for now, `room` the
    size that there is memory for; `notes` speak of that when the chosen size is one of them
    (`is_too_large`). `memory_matters` says whether to offer smaller pictures at all.
    """

    cost: str = ""
    starts: str = ""
    done: str = ""
    share: str = ""
    notes: Sequence[Note] = ()
    too_large: Sequence[SizePreset] = ()
    room: str = ""
    is_too_large: bool = False
    memory_matters: bool = False


@never_cache
@require_GET
def estimating(request: PortalRequest, project_id: int) -> HttpResponse:
    """The estimate for what the form says now."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.REQUEST_IMAGES, project.pk)
    offer = offer_of(request.access, project, rules_of_project(project.pk))
    card = estimate_card(request.access, project, offer, request.GET.dict())
    return render(request, "generation/_estimate.html", {"project": project, "estimate": card})


def offer_of(access: Access, project: Project, rules: Rules) -> Offer:
    """What the form can be filled with."""
    models = list(enabled_models())
    allowed = [model for model in models if rules.limits.allows_model(model.pk)]
    return Offer(
        limits=rules.limits,
        time_zone=rules.time_zone,
        models=allowed,
        versions=usable_versions(access, project),
        pictures=usable_pictures(access, project),
        loras=list(enabled_loras()),
        hides_models=len(allowed) < len(models),
    )


def estimate_card(
    access: Access, project: Project, offer: Offer, numbers: Mapping[str, Any]
) -> EstimateCard:
    """The estimate for the numbers of the form; the words of the picture change nothing."""
    said = {name: value for name, value in numbers.items() if value is not None}
    form = AskForm({**said, "prompt": "-", "ticket": uuid4(), "random_seed": "on"}, offer=offer)
    if access.user_id is None or not offer.models:
        return EstimateCard()
    if not form.is_valid():
        return EstimateCard(notes=[Note(text, is_warning=True) for text in _first_error(form)])
    ask = form.to_ask()
    model = offer.model(ask.model_version_id)
    if model is None:
        return EstimateCard()
    found = estimate(person_id=access.user_id, project=project, model=model, ask=ask)
    is_once = found.ask.count == 1 and found.first.starts_as_it_is_done()
    return EstimateCard(
        cost=_cost_words(found),
        starts="" if found.refusal or is_once else found.first.starts_words(),
        done="" if found.refusal else found.last.done_words(),
        share="" if found.refusal or not found.tightest else _share_words(found.tightest),
        notes=list(_notes(found)),
        too_large=[size for size in offer.sizes if not found.fits(size.width, size.height)],
        room=size_words(found.room) if found.room else "",
        is_too_large=found.is_too_large,
        memory_matters=found.memory_matters and not offer.limits.shrinks,
    )


def _first_error(form: AskForm) -> list[str]:
    """The first limit that is broken; a field that is only half typed is none."""
    for name, errors in form.errors.as_data().items():
        if name in form.fields and form[name].value():
            return [str(message) for message in errors[0].messages][:1]
    return []


def _cost_words(found: Estimate) -> str:
    return ngettext(
        "About %(time)s of GPU time for %(count)d picture",
        "About %(time)s of GPU time for %(count)d pictures",
        found.ask.count,
    ) % {
        "time": amount_words(Unit.GPU_SECONDS, found.seconds, rounded=math.ceil),
        "count": found.ask.count,
    }


def _share_words(tightest: QuotaShare) -> str:
    if not math.isfinite(tightest.share):
        return ""
    sentence = SHARES[tightest.quota.who, tightest.quota.period]
    return str(sentence % {"percent": max(1, round(tightest.share * 100))})


def _notes(found: Estimate) -> Iterator[Note]:
    if found.refusal:
        yield Note(found.refusal, is_warning=True)
        return
    hold = found.first.hold
    if hold and hold.kind == HoldKind.NO_WORKER:
        yield Note(_("No worker is running; your request will wait."), is_warning=True)
    elif hold and hold.kind == HoldKind.MEMORY and found.room:
        yield Note(
            _(
                "Memory is short: there is room for %(size)s pixels now. Choose a smaller size, "
                "let it be made smaller, or let it wait."
            )
            % {"size": size_words(found.room)},
            is_warning=True,
        )
    elif hold and hold.kind not in UNSAID:
        yield Note(found.first.reason(is_maker=True), is_warning=hold.kind not in CALM)
    if found.is_too_large and found.shrinks:
        yield Note(
            _("It will be made smaller, at most %(size)s pixels: memory is short now.")
            % {"size": size_words(found.room or 0)}
        )
