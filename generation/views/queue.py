"""The queue of everybody: one's own work, with what can be done to it, and the line around it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from accounts.views.answering import done
from generation.actions.cancelling import cancel_own
from generation.forms.waiting import CancelForm, said
from generation.queries.managed_queue import organizations_managed
from generation.views.queue_rows import queue_page


@never_cache
@require_GET
def queue(request: PortalRequest) -> HttpResponse:
    """What I have running, waiting and scheduled, and where it stands among all others."""
    page = queue_page(request.access)
    projects = {each.project for each in page.work.requests}
    form = CancelForm()
    form.offer(sorted(projects, key=str))
    return render(
        request,
        "generation/queue.html",
        {
            "queue": page,
            "cancel_form": form if len(projects) > 1 else None,
            "managed": organizations_managed(request.access),
            "operates_site": request.access.operates_site,
        },
    )


@never_cache
@require_GET
def queue_part(request: PortalRequest) -> HttpResponse:
    """The moving part of the page, for those who watch."""
    return render(request, "generation/_queue.html", {"queue": queue_page(request.access)})


@require_POST
def queue_cancel(request: PortalRequest) -> HttpResponse:
    """Cancel everything of mine, in one project or everywhere."""
    form = CancelForm(request.POST)
    said(form)
    project_id = form.cleaned_data["project"]
    project = project_for(request.access, project_id) if project_id is not None else None
    count = cancel_own(access=request.access, person_id=request.user.pk, project=project)
    sentence = (
        ngettext("%(count)d picture cancelled.", "%(count)d pictures cancelled.", count)
        % {"count": count}
        if count
        else _("There was nothing to cancel.")
    )
    return done(request, sentence, "generation:queue")
