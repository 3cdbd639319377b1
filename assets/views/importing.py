"""Importing pictures: the page that files are dropped on, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.errors import DomainError
from accounts.http import PortalRequest
from accounts.models import Project
from accounts.queries.projects import project_for
from accounts.roles import Permission
from accounts.views.answering import done
from assets.actions.importing import (
    PIECE_BYTES,
    Announced,
    begin_import,
    compare_files,
    discard_import,
    order_import,
    receive_piece,
)
from assets.actions.operations import cancel_operation
from assets.delivery import deliver_kept_source
from assets.forms.importing import MOST_AT_ONCE, FilesForm, PiecesForm, WholeFilesForm
from assets.models import Intake, Operation
from assets.operations.ordering import take_back
from assets.operations.reasons import failure_words_of, words_of
from assets.queries.imports import (
    IMPORTED,
    arrived_in,
    intake_for,
    open_intake_of,
    recent_intakes,
    results_of,
)
from assets.storage import StorageError
from assets.types import ItemState, RenditionKind
from assets.views.cards import Card, cards_of, image_url, rendition_url


class NoRoom(DomainError):
    """The disk is full, or the storage does not answer."""

    code = "archive_full"
    http_status = 507
    default_sentence = _("There is no room for more files. Tell whoever looks after the site.")


@dataclass(frozen=True, slots=True)
class Tab:
    """One outcome of an import's files, as a tab of its page."""

    key: str
    label: str | Promise
    states: Sequence[str]
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A file that did not become a picture, why, and the picture that is there instead."""

    name: str
    sentence: str
    url: str
    thumb: str


@require_http_methods(["GET", "HEAD", "POST"])
def import_pictures(request: PortalRequest, project_id: int) -> HttpResponse:
    """Where files are dropped; without scripts it takes them itself."""
    project = project_for(request.access, project_id)
    request.project = project
    request.access.require(Permission.ORGANIZE_IMAGES, project.pk)
    if request.method == "POST":
        form = WholeFilesForm(request.FILES)
        if not form.is_valid():
            return _import_page(request, project, form, status=422)
        intake = _open_intake(request, project)
        for sent in form.cleaned_data["sent"]:
            announced = Announced(name=sent.name or "", size=sent.size or 0)
            _receive(request, intake, announced, sent)
        order_import(access=request.access, intake=intake)
        return redirect(_page_of(intake))
    return _import_page(request, project, None)


@require_POST
def import_begin(request: PortalRequest, project_id: int) -> HttpResponse:
    """Where to send files: the import that is still open, or a new one."""
    project = project_for(request.access, project_id)
    request.access.require(Permission.ORGANIZE_IMAGES, project.pk)
    intake = _open_intake(request, project)
    place = {"uid": intake.uid}
    return JsonResponse(
        {
            "compare": reverse("assets:import-compare", kwargs=place),
            "pieces": reverse("assets:import-pieces", kwargs=place),
            "order": reverse("assets:import-order", kwargs=place),
            "piece_bytes": PIECE_BYTES,
            "most_at_once": MOST_AT_ONCE,
        }
    )


@require_POST
def import_compare(request: PortalRequest, uid: UUID) -> HttpResponse:
    """How many bytes of each file need not be sent."""
    intake = intake_for(request.access, uid)
    form = FilesForm(request.POST)
    if not form.is_valid():
        return _invalid(form)
    files = [announced for announced, _offset in form.cleaned_data["about"]]
    received = compare_files(access=request.access, intake=intake, files=files)
    return JsonResponse({"received": received})


@require_POST
def import_pieces(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Take pieces of files; how many bytes of each are there now."""
    intake = intake_for(request.access, uid)
    form = PiecesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _invalid(form)
    received = []
    for piece in form.cleaned_data["pieces"]:
        try:
            data = piece.data.read()
            received.append(
                receive_piece(
                    access=request.access,
                    intake=intake,
                    announced=piece.announced,
                    offset=piece.offset,
                    data=data,
                )
            )
        except StorageError as error:
            raise NoRoom from error
    return JsonResponse({"received": received})


@require_POST
def import_order(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Everything that arrived is taken over now; scripts are told where to look."""
    intake = intake_for(request.access, uid)
    order_import(access=request.access, intake=intake)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"page": _page_of(intake)})
    return redirect(_page_of(intake))


@require_POST
def import_discard(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Throw away what arrived for an import that broke off."""
    intake = intake_for(request.access, uid)
    discard_import(access=request.access, intake=intake)
    return done(
        request,
        _("The files that had arrived were thrown away."),
        reverse("assets:import", kwargs={"project_id": intake.project_id}),
    )


@require_POST
def import_stop(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Stop an import that is being carried out; pictures that are there stay."""
    intake = intake_for(request.access, uid)
    if intake.operation:
        cancel_operation(access=request.access, operation=intake.operation)
    return redirect(_page_of(intake))


@require_POST
def import_undo(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Move the pictures of an import to the trash."""
    intake = intake_for(request.access, uid)
    if intake.operation:
        take_back(access=request.access, operation=intake.operation)
    return redirect(_page_of(intake))


@require_GET
def import_result(request: PortalRequest, uid: UUID) -> HttpResponse:
    """How far an import is and what became of its files; for htmx the part that changes."""
    intake = intake_for(request.access, uid)
    request.project = intake.project
    context: dict[str, object] = {
        "intake": intake,
        "project": intake.project,
        "is_mine": intake.created_by_id == request.access.user_id,
        "page_url": _page_of(intake),
    }
    if intake.operation is None:
        context["arrived"] = arrived_in(intake)
        template = "assets/import_open.html"
    else:
        context |= _results(request, intake, intake.operation)
        template = "assets/_import_result.html" if request.htmx else "assets/import_result.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
def source(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The file that a picture was imported from, as it came, to keep."""
    return deliver_kept_source(request, request.access, uid)


def _results(request: PortalRequest, intake: Intake, operation: Operation) -> dict[str, object]:
    tabs = _tabs(request, intake, operation)
    chosen = next(tab for tab in tabs if tab.current)
    page = results_of(request.access, operation, chosen.states, after=_number(request, "after"))
    cards: list[Card] = []
    rows: list[Row] = []
    if chosen.key == "imported":
        cards = cards_of(image for _item, image in page.rows if image)
    else:
        rows = [
            Row(
                name=item.name,
                sentence=words_of(item.reason),
                url=image_url(image) if image else "",
                thumb=rendition_url(image, RenditionKind.THUMB) if image else "",
            )
            for item, image in page.rows
        ]
    undoing = getattr(operation, "undone_by", None)
    is_mine = operation.created_by_id == request.access.user_id
    needed = Permission.ORGANIZE_IMAGES if is_mine else Permission.MANAGE_PROJECT
    may = request.access.allows(needed, intake.project_id)
    return {
        "operation": operation,
        "tabs": tabs,
        "shown": chosen.key,
        "cards": cards,
        "rows": rows,
        "next_url": f"{chosen.url}&after={page.cursor}" if page.cursor is not None else "",
        "undoing": undoing,
        "is_changing": operation.is_open or (undoing is not None and undoing.is_open),
        "failure": failure_words_of(operation.error),
        "left": operation.total - operation.handled,
        "may_stop": may and operation.is_open and not operation.cancel_requested,
        "may_undo": may and not operation.is_open and undoing is None and operation.done > 0,
    }


def _tabs(request: PortalRequest, intake: Intake, operation: Operation) -> list[Tab]:
    counts = (
        ("imported", _("Imported"), IMPORTED, operation.done),
        ("there", _("Already there"), [ItemState.SKIPPED], operation.skipped),
        ("refused", _("Refused"), [ItemState.FAILED], operation.failed),
    )
    wanted = request.GET.get("show", "")
    if wanted not in {key for key, *_rest in counts}:
        # What there is to see: the pictures, or why there are none.
        wanted = next((key for key, _label, _states, count in counts if count), "imported")
    address = _page_of(intake)
    return [
        Tab(key, label, states, count, f"{address}?show={key}", key == wanted)
        for key, label, states, count in counts
    ]


def _import_page(
    request: PortalRequest, project: Project, form: WholeFilesForm | None, status: int = 200
) -> HttpResponse:
    unfinished = open_intake_of(request.access, project)
    arrived = arrived_in(unfinished) if unfinished else None
    context = {
        "project": project,
        "form": form,
        "unfinished": unfinished if arrived and arrived.files else None,
        "arrived": arrived,
        "recent": recent_intakes(request.access, project),
        "most_mb": settings.IMPORT_MAX_FILE_MB,
        "most_files": number_format(settings.IMPORT_MAX_FILES, force_grouping=True),
        "keep_days": settings.IMPORT_FORGET_AFTER_DAYS,
    }
    return render(request, "assets/import.html", context, status=status)


def _open_intake(request: PortalRequest, project: Project) -> Intake:
    found = open_intake_of(request.access, project)
    return found or begin_import(access=request.access, project=project)


def _receive(
    request: PortalRequest, intake: Intake, announced: Announced, sent: UploadedFile[Any]
) -> None:
    offset = 0
    try:
        for data in sent.chunks(PIECE_BYTES):
            offset = receive_piece(
                access=request.access, intake=intake, announced=announced, offset=offset, data=data
            )
    except StorageError as error:
        raise NoRoom from error


def _page_of(intake: Intake) -> str:
    return reverse("assets:import-result", kwargs={"uid": intake.uid})


def _invalid(form: FilesForm) -> JsonResponse:
    sentence = next(iter(form.errors.values()))[0]
    return JsonResponse({"code": "invalid", "sentence": str(sentence)}, status=422)


def _number(request: PortalRequest, name: str) -> int:
    written = request.GET.get(name, "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else -1
