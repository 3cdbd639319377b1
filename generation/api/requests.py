"""Asking for pictures and watching them come."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Text, Whole
from accounts.api.paging import CURSOR_HELP, LengthQuery, page_of, page_response
from accounts.errors import InvalidInput
from accounts.queries.projects import project_for
from accounts.roles import Scope
from generation.actions.requesting import cancel_request, request_images
from generation.api.asking import AskInput, to_ask
from generation.api.shapes import RequestSerializer
from generation.models import GenerationRequest
from generation.queries.places import Line, line_of
from generation.queries.requests import Cursor, request_for, requests_page


class RequestQuery(LengthQuery):
    """Which requests to list."""

    cursor = Text(required=False, max_length=80, help_text=CURSOR_HELP)
    person = Whole(required=False, default=None, help_text="The id of who asked.")


class ProjectRequestsView(ApiView):
    """The requests of a project."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.GENERATE}

    @extend_schema(
        operation_id="requests_list",
        parameters=[RequestQuery],
        responses=page_of(RequestSerializer),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the requests of a project with their jobs, newest first."""
        access = access_of(request)
        project = project_for(access, project_id)
        query = read_query(request, RequestQuery)
        page = requests_page(
            access,
            project.pk,
            person_id=query["person"],
            cursor=_cursor(query.get("cursor")),
            size=query["limit"],
        )
        return page_response(
            request,
            RequestSerializer,
            page.requests,
            page.cursor,
            line=_line(page.requests),
            reader_id=access.user_id,
        )

    @extend_schema(
        operation_id="requests_create", request=AskInput, responses={201: RequestSerializer}
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Ask for pictures. Asking again with the same `ticket` answers with the first request."""
        access = access_of(request)
        project = project_for(access, project_id)
        ask = to_ask(access, project, read_body(request, AskInput))
        made = request_images(access=access, project=project, ask=ask)
        location = reverse("api:request", args=[made.pk])
        return _answer(access, made.pk, status=201, headers={"Location": location})


class RequestView(ApiView):
    """One request."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="requests_retrieve", responses=RequestSerializer)
    def get(self, request: Request, request_id: UUID) -> Response:
        """Show a request with its jobs: ask once a second until `is_finished`."""
        return _answer(access_of(request), request_id)


class CancelRequestView(ApiView):
    """Cancelling."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="requests_cancel", request=None, responses=RequestSerializer)
    def post(self, request: Request, request_id: UUID) -> Response:
        """Cancel every picture that is not finished; a running one stops at its next step."""
        access = access_of(request)
        cancel_request(access=access, request=request_for(access, request_id))
        return _answer(access, request_id)


def _answer(
    access: Access, request_id: UUID, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    found = request_for(access, request_id)
    context = {"line": _line([found]), "reader_id": access.user_id}
    shown = RequestSerializer(found, context=context)
    return Response(shown.data, status=status, headers=headers)


def _line(requests: Sequence[GenerationRequest]) -> Line:
    """The line, when anybody in it is shown."""
    return line_of([job for request in requests for job in request.jobs.all()])


def _cursor(text: str | None) -> Cursor | None:
    cursor = Cursor.parse(text) if text else None
    if text and cursor is None:
        raise InvalidInput(
            _("This place in the list does not exist. Begin again without a cursor."),
            field="cursor",
        )
    return cursor
