"""The audit trail of an organization, and that of the site."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.forms.audit import TrailFilter
from accounts.http import PortalRequest
from accounts.models import AuditEvent, Organization
from accounts.queries.audit import actor_label, site_trail, trail_of
from accounts.queries.members import people_of
from accounts.queries.projects import organization_for
from accounts.wording import details_of, sentence_of, words_for


@require_GET
def audit(request: PortalRequest, slug: str) -> HttpResponse:
    """Who did what, newest first; older events come as the reader scrolls."""
    organization = organization_for(request.access, slug)
    request.organization = organization
    form = TrailFilter(request.GET, people=_people(request, organization))
    wish = form.wish()
    page = trail_of(request.access, organization, **wish)
    kept = {"person": wish["person_id"], "action": wish["action"], "before": page.before}
    context = {
        "organization": organization,
        "form": form,
        "entries": [_entry(event) for event in page.events],
        "next_url": page.before
        and f"{request.path}?{urlencode({key: value for key, value in kept.items() if value})}",
        "is_filtered": bool(wish["person_id"] or wish["action"]),
        "is_first": wish["before"] is None,
    }
    older = request.htmx and wish["before"] is not None
    template = "accounts/_trail_entries.html" if older else "accounts/audit.html"
    return render(request, template, context)


@require_GET
def site_audit(request: PortalRequest) -> HttpResponse:
    """What was done to the site itself, newest first."""
    request.access.require_operator()
    before = TrailFilter(request.GET, people=[]).wish()["before"]
    page = site_trail(request.access, before=before)
    context = {
        "entries": [_entry(event) for event in page.events],
        "next_url": page.before and f"{request.path}?{urlencode({'before': page.before})}",
        "is_first": before is None,
    }
    older = request.htmx and before is not None
    template = "accounts/_trail_entries.html" if older else "accounts/site_audit.html"
    return render(request, template, context)


def _people(request: PortalRequest, organization: Organization) -> list[tuple[int, str]]:
    people = [(person.pk, str(person)) for person in people_of(request.access, organization)]
    asked = request.GET.get("person", "")
    if asked.isdecimal() and len(asked) < 19 and int(asked) not in dict(people):
        label = actor_label(request.access, organization, int(asked))
        people += [(int(asked), label)] if label else []
    return people


def _entry(event: AuditEvent) -> dict[str, object]:
    words = words_for(event.action)
    return {
        "event": event,
        "sentence": sentence_of(event),
        "details": details_of(event),
        "icon": words.icon,
    }
