"""Who gets how much of the GPUs, for those who operate the site."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import InvalidInput
from accounts.http import PortalRequest
from accounts.models import Organization, User
from accounts.views.answering import done
from generation.actions.sharing import set_weight
from generation.forms.shares import PersonWeightForm, WeightForm
from generation.queries.shares import (
    OrganizationShare,
    organization_to_weigh,
    person_to_weigh,
    shares_of_site,
)


@dataclass(slots=True)
class ShareCard:
    """An organization with the forms that weigh it and its people."""

    share: OrganizationShare
    form: WeightForm
    person_form: PersonWeightForm
    people: list[tuple[User, WeightForm]] = field(default_factory=list)


@require_GET
def shares(request: PortalRequest) -> HttpResponse:
    """Every organization and its weight."""
    return render(request, "generation/shares.html", {"cards": _cards(request)})


@require_POST
def share_set(request: PortalRequest, organization_id: int) -> HttpResponse:
    """Weigh an organization, or one person of it."""
    organization = organization_to_weigh(request.access, organization_id)
    of_person = "person" in request.POST
    key = f"organization-{organization.pk}"
    form: WeightForm = (
        PersonWeightForm(request.POST, key=f"{key}-person")
        if of_person
        else WeightForm(request.POST, key=key)
    )
    if form.is_valid() and (sentence := _weigh(request, organization, form)):
        return done(request, sentence, "generation:site-shares")
    cards = _cards(request)
    for card in cards:
        if card.share.organization == organization:
            if isinstance(form, PersonWeightForm):
                card.person_form = form
            else:
                card.form = form
    return render(request, "generation/shares.html", {"cards": cards}, status=422)


def _weigh(request: PortalRequest, organization: Organization, form: WeightForm) -> str:
    """Weigh as the form says; return the sentence for it, or put the refusal into the form."""
    weight, email = form.cleaned_data["weight"], form.cleaned_data.get("person")
    person = person_to_weigh(request.access, organization, email) if email else None
    if email and person is None:
        words = {"email": email, "organization": organization}
        form.add_error("person", _("%(email)s is not a member of %(organization)s.") % words)
        return ""
    try:
        set_weight(access=request.access, organization=organization, person=person, weight=weight)
    except InvalidInput as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return ""
    return _("%(whose)s now has the weight %(weight)g.") % {
        "whose": person or organization,
        "weight": weight,
    }


def _cards(request: PortalRequest) -> list[ShareCard]:
    return [_card(share) for share in shares_of_site(request.access)]


def _card(share: OrganizationShare) -> ShareCard:
    key = f"organization-{share.organization.pk}"
    return ShareCard(
        share=share,
        form=WeightForm(key=key, weight=share.weight),
        person_form=PersonWeightForm(key=f"{key}-person"),
        people=[
            (each.person, WeightForm(key=f"{key}-{each.person.pk}", weight=each.weight))
            for each in share.people
        ],
    )
