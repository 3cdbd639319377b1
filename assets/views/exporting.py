"""Taking pictures away: one file, or many as a zip or on contact sheets."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import InvalidInput
from accounts.http import PortalRequest
from accounts.queries.projects import project_for
from assets.actions.using import count_download
from assets.delivery import deliver_download
from assets.forms.chosen import chosen_from
from assets.forms.export import DownloadForm, ExportForm
from assets.handing_out import deliver_export
from assets.operations.choosing import require_few_enough
from assets.operations.export_orders import order_export
from assets.queries.exported import export_for
from assets.queries.images import image_for

CHOICE = ("uid", "all", "q", "up_to", "without")
"""The fields that say which pictures are meant, passed on as they came."""


@require_POST
def download(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The picture as a file to keep. Posted, because it is counted."""
    image = image_for(request.access, uid)
    form = DownloadForm(request.POST)
    if not form.is_valid():
        field, sentence = form.first_error
        raise InvalidInput(sentence, field=field)
    response = deliver_download(request, image, form.options)
    count_download(access=request.access, image=image)
    return response


@require_http_methods(["GET", "POST"])
def export(request: PortalRequest, project_id: int) -> HttpResponse:
    """What is to be done with the selected pictures; with an answer to that, doing it.

    A selection that is too long for an address is posted without an answer; that writes nothing.
    """
    project = project_for(request.access, project_id)
    request.project = project
    sent = request.POST if request.method == "POST" else request.GET
    chosen = chosen_from(request.access, project, sent)
    count = require_few_enough(request.access, project.pk, chosen)
    answers = request.method == "POST" and "contents" in sent
    form = ExportForm(sent if answers else None)
    if answers and form.is_valid():
        try:
            operation = order_export(
                access=request.access, project=project, chosen=chosen, options=form.export
            )
        except InvalidInput as error:
            if error.field not in form.fields:
                raise
            form.add_error(error.field, str(error.sentence))
        else:
            return redirect("assets:operation", uid=operation.uid)
    context = {"project": project, "form": form, "count": count, "choice": _passed_on(sent)}
    return render(request, "assets/export.html", context, status=422 if form.errors else 200)


@require_safe
def export_file(request: PortalRequest, export_uid: UUID) -> HttpResponseBase:
    """What was ordered, written while it is sent."""
    operation = export_for(request.access, export_uid)
    return deliver_export(request, request.access, operation)


def _passed_on(sent: QueryDict) -> list[tuple[str, str]]:
    return [(name, value) for name in CHOICE for value in sent.getlist(name)]
