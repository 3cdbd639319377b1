"""What people may ask of the GPU, in an organization and in one project of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Access
from accounts.errors import InvalidInput
from accounts.http import PortalRequest
from accounts.models import Organization, Project
from accounts.queries.projects import organization_for, project_for
from accounts.roles import Permission
from accounts.views.answering import done
from generation.actions.policies import change_organization_policy, change_policy
from generation.forms.hours import zones
from generation.forms.limits import PolicyForm
from generation.forms.policy_numbers import Place
from generation.limits import NOTHING_SAID, PolicyValues, Rules
from generation.policy_words import facts_of
from generation.queries.limits import (
    policy_of,
    policy_of_organization,
    rules_of_organization,
    rules_of_project,
)
from generation.queries.meters import (
    heaviest_users,
    meters_in_organization,
    meters_in_project,
)
from generation.queries.models import all_models
from generation.quotas import Who
from generation.usage_words import MeterWords


@dataclass(frozen=True)
class _Room:
    """The organization or the project whose policy a page is about."""

    organization: Organization
    project: Project | None

    @cached_property
    def values(self) -> PolicyValues:
        """What its own policy says."""
        if self.project is None:
            return policy_of_organization(self.organization.pk)
        return policy_of(self.project.pk)

    @cached_property
    def place(self) -> Place:
        """Where that policy stands."""
        return Place(
            time_zone=self.organization.time_zone,
            models=list(all_models()),
            organization=policy_of_organization(self.organization.pk) if self.project else None,
        )

    @property
    def rules(self) -> Rules:
        """What holds there."""
        if self.project is None:
            return rules_of_organization(self.organization)
        return rules_of_project(self.project.pk)

    @property
    def address(self) -> str:
        """Its page."""
        if self.project is None:
            return reverse("generation:organization-policy", args=[self.organization.slug])
        return reverse("generation:policy", args=[self.project.pk])

    def change(self, access: Access, values: PolicyValues) -> None:
        """Write its policy."""
        if self.project is None:
            change_organization_policy(access=access, organization=self.organization, values=values)
        else:
            change_policy(access=access, project=self.project, values=values)

    def meters(self, access: Access) -> list[MeterWords]:
        """How full its quotas are: together, of those who use the most, and of the reader."""
        now, rules = timezone.now(), self.rules
        heaviest = heaviest_users(access, self.organization, rules, project=self.project, now=now)
        own = (
            meters_in_organization(access, self.organization, rules, now=now)
            if self.project is None
            else meters_in_project(access, self.project, rules, now=now)
        )
        together = [each for each in own if each.quota.who == Who.EVERYBODY]
        others = [each for found in heaviest.values() for each in found]
        mine = [each for each in own if each.quota.who == Who.PERSON and each.quota not in heaviest]
        return [MeterWords.of(each) for each in (*together, *others, *mine)]


@require_http_methods(["GET", "POST"])
def policy(request: PortalRequest, project_id: int) -> HttpResponse:
    """What people may ask for in a project, where it says more than its organization."""
    return _page(request, _project_room(request, project_id))


@require_http_methods(["GET", "POST"])
def organization_policy(request: PortalRequest, slug: str) -> HttpResponse:
    """What people may ask for in all projects of an organization."""
    return _page(request, _organization_room(request, slug))


@require_POST
def policy_reset(request: PortalRequest, project_id: int) -> HttpResponse:
    """Let a project take the organization's policy again."""
    room = _project_room(request, project_id)
    room.change(request.access, NOTHING_SAID)
    return done(request, _("The organization's limits hold again."), room.address)


@require_POST
def organization_policy_reset(request: PortalRequest, slug: str) -> HttpResponse:
    """Let the usual limits hold again."""
    room = _organization_room(request, slug)
    room.change(request.access, NOTHING_SAID)
    return done(request, _("The usual limits hold again."), room.address)


def _project_room(request: PortalRequest, project_id: int) -> _Room:
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.MANAGE_PROJECT, project.pk)
    return _Room(project.organization, project)


def _organization_room(request: PortalRequest, slug: str) -> _Room:
    organization = organization_for(request.access, slug)
    request.organization = organization
    request.access.require_in_organization(Permission.MANAGE_ORGANIZATION, organization.pk)
    return _Room(organization, None)


def _page(request: PortalRequest, room: _Room) -> HttpResponse:
    """Show the policy, save it, or fill the hours of an office into what was typed."""
    typed: QueryDict | None = request.POST if request.method == "POST" else None
    if typed is not None and "office_hours" in typed:
        form = PolicyForm.with_office_hours(typed, values=room.values, place=room.place)
        return _render(request, room, form, status=200)
    form = PolicyForm(typed, values=room.values, place=room.place)
    if form.is_valid() and _save(request.access, room, form):
        return done(request, _("The limits are saved."), room.address)
    form.focus_first_error()
    return _render(request, room, form, status=422 if form.is_bound else 200)


def _save(access: Access, room: _Room, form: PolicyForm) -> bool:
    """Write the policy, or say beside the field why not."""
    try:
        room.change(access, form.to_values())
    except InvalidInput as error:
        form.explain(error)
        return False
    return True


def _render(request: PortalRequest, room: _Room, form: PolicyForm, *, status: int) -> HttpResponse:
    now = timezone.now()
    context = {
        "organization": room.organization,
        "project": room.project,
        "form": form,
        "zones": zones(),
        "facts": facts_of(
            room.rules, known=room.place.models, now=now, in_project=room.project is not None
        ),
        "meters": room.meters(request.access),
        "says_something": room.values != NOTHING_SAID,
    }
    return render(request, "generation/policy.html", context, status=status)
