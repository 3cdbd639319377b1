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
from generation.actions.changing_lanes import change_lane, set_priority
from generation.actions.editing import edit_request
from generation.actions.reordering import move_pictures
from generation.actions.requesting import cancel_request, request_images
from generation.actions.rescheduling import reschedule
from generation.actions.retrying import retry_failed
from generation.api.asking import AskInput, lane_of, to_ask
from generation.api.shapes import RequestSerializer
from generation.api.waiting import (
    EditInput,
    LaneInput,
    MoveInput,
    PriorityInput,
    StartInput,
    edited_ask,
)
from generation.models import GenerationRequest
from generation.moves import Move
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

    required_scopes = {"GET": Scope.READ, "PATCH": Scope.GENERATE}

    @extend_schema(operation_id="requests_retrieve", responses=RequestSerializer)
    def get(self, request: Request, request_id: UUID) -> Response:
        """Show a request with its jobs: ask once a second until `is_finished`."""
        return _answer(access_of(request), request_id)

    @extend_schema(operation_id="requests_edit", request=EditInput, responses=RequestSerializer)
    def patch(self, request: Request, request_id: UUID) -> Response:
        """Change a request as long as none of its pictures has begun. It keeps its place."""
        access = access_of(request)
        found = request_for(access, request_id)
        ask = edited_ask(found, read_body(request, EditInput))
        edit_request(access=access, request=found, ask=ask)
        return _answer(access, request_id)


class CancelRequestView(ApiView):
    """Cancelling."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="requests_cancel", request=None, responses=RequestSerializer)
    def post(self, request: Request, request_id: UUID) -> Response:
        """Cancel every picture that is not finished; a running one stops at its next step."""
        access = access_of(request)
        cancel_request(access=access, request=request_for(access, request_id))
        return _answer(access, request_id)


class RetryRequestView(ApiView):
    """Trying again."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="requests_retry", request=None, responses=RequestSerializer)
    def post(self, request: Request, request_id: UUID) -> Response:
        """Put every failed picture back into the queue with its seed."""
        access = access_of(request)
        retry_failed(access=access, request=request_for(access, request_id))
        return _answer(access, request_id)


class MoveRequestView(ApiView):
    """Moving."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="requests_move", request=MoveInput, responses=RequestSerializer)
    def post(self, request: Request, request_id: UUID) -> Response:
        """Move the waiting pictures in their maker's own line: others keep their places."""
        access = access_of(request)
        found = request_for(access, request_id)
        move_pictures(access=access, request=found, to=Move(read_body(request, MoveInput)["to"]))
        return _answer(access, request_id)


class LaneRequestView(ApiView):
    """Changing the lane."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="requests_lane", request=LaneInput, responses=RequestSerializer)
    def post(self, request: Request, request_id: UUID) -> Response:
        """Let the waiting pictures wait in another lane."""
        access = access_of(request)
        found = request_for(access, request_id)
        lane = lane_of(read_body(request, LaneInput)["lane"])
        change_lane(access=access, request=found, lane=lane)
        return _answer(access, request_id)


class RescheduleRequestView(ApiView):
    """Rescheduling."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(
        operation_id="requests_reschedule", request=StartInput, responses=RequestSerializer
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Let the waiting pictures start at a time, or at once."""
        access = access_of(request)
        found = request_for(access, request_id)
        reschedule(access=access, request=found, moment=read_body(request, StartInput)["start_at"])
        return _answer(access, request_id)


class PriorityRequestView(ApiView):
    """Giving a priority."""

    required_scopes = {"POST": Scope.MANAGE}

    @extend_schema(
        operation_id="requests_priority", request=PriorityInput, responses=RequestSerializer
    )
    def post(self, request: Request, request_id: UUID) -> Response:
        """Let the waiting pictures pass others, or give way. For admins of the project."""
        access = access_of(request)
        found = request_for(access, request_id)
        set_priority(
            access=access, request=found, priority=read_body(request, PriorityInput)["priority"]
        )
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
