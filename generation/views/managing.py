"""The work of a whole organization, for its admins, and of the whole site, for its operators."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.http import PortalRequest
from accounts.models import Organization
from accounts.queries.projects import organization_for
from generation.actions.changing_several import Outcome, change_several
from generation.forms.managing import SeveralForm, WorkFilter
from generation.queries.managed_queue import (
    managed_jobs,
    managed_page,
    people_with_work,
    projects_managed,
)
from generation.queries.queue import queue_totals
from generation.queries.requests import Cursor
from generation.views.managed_rows import managed_rows

PART = "part"


@never_cache
@require_http_methods(["GET", "POST"])
def organization_queue(request: PortalRequest, slug: str) -> HttpResponse:
    """What everybody in the organization has running, waiting, scheduled, failed."""
    organization = organization_for(request.access, slug)
    request.organization = organization
    return _answer(request, organization)


@never_cache
@require_http_methods(["GET", "POST"])
def site_queue(request: PortalRequest) -> HttpResponse:
    """The same of all organizations."""
    request.access.require_operator()
    return _answer(request, None)


def _answer(request: PortalRequest, organization: Organization | None) -> HttpResponse:
    projects = projects_managed(request.access, organization) if organization else []
    if request.method == "POST":
        return _change(request, organization)
    form = WorkFilter(
        request.GET,
        people=people_with_work(request.access, organization),
        projects=projects,
    )
    wish = form.wish()
    cursor = Cursor.parse(request.GET.get("cursor", ""))
    page = managed_page(request.access, organization, wish, cursor)
    context: dict[str, object] = {
        "organization": organization,
        "rows": managed_rows(request.access, page),
        "next_url": _address(request, cursor=str(page.cursor)) if page.cursor else "",
    }
    if request.htmx and cursor is not None:
        return render(request, "generation/_managed_rows.html", context)
    if request.htmx and PART in request.GET:
        return render(request, "generation/_managed_part.html", context)
    context |= {
        "form": form,
        "several": SeveralForm(),
        "page": page,
        "wish": wish,
        "part_url": "" if wish.is_ended else _address(request, **{PART: "1"}),
        "is_filtered": any(request.GET.get(name) for name in ("person", "project", "lane")),
        "is_beginning": cursor is None,
        "totals": None if organization else queue_totals(),
    }
    return render(request, "generation/managed_queue.html", context)


def _change(request: PortalRequest, organization: Organization | None) -> HttpResponse:
    """Change what was selected, and say on the same page what became of it."""
    form = SeveralForm(request.POST, jobs=request.POST.getlist("job"))
    here = redirect(request.get_full_path())
    if not form.is_valid() or not form.jobs:
        messages.info(request, _("Select pictures first, then choose what to do with them."))
        return here
    jobs = managed_jobs(request.access, organization, form.jobs)
    outcome = change_several(access=request.access, jobs=jobs, change=form.to_change())
    if missing := len(set(form.jobs)) - len(jobs):
        outcome.skipped[_("It is not there any more.")] += missing
    _tell(request, outcome)
    return here


def _tell(request: PortalRequest, outcome: Outcome) -> None:
    if outcome.changed:
        words = ngettext(
            "%(count)d picture changed.", "%(count)d pictures changed.", outcome.changed
        )
        messages.success(request, words % {"count": outcome.changed})
    for sentence, count in outcome.skipped.most_common():
        words = ngettext(
            "%(count)d picture skipped: %(reason)s",
            "%(count)d pictures skipped: %(reason)s",
            count,
        )
        messages.warning(request, words % {"count": count, "reason": sentence})


def _address(request: PortalRequest, **more: str) -> str:
    """This page with the same wishes, and more."""
    kept = {name: request.GET.get(name, "") for name in ("status", "person", "project", "lane")}
    said = {name: value for name, value in {**kept, **more}.items() if value}
    return f"{request.path}?{urlencode(said)}"
