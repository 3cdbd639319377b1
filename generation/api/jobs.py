"""Single pictures of a request."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.roles import Scope
from generation.actions.changing_lanes import change_lane, set_priority
from generation.actions.reordering import move_pictures
from generation.actions.requesting import cancel_job, retry_job
from generation.actions.rescheduling import reschedule
from generation.api.asking import lane_of
from generation.api.shapes import JobSerializer
from generation.api.waiting import LaneInput, MoveInput, PriorityInput, StartInput
from generation.moves import Move
from generation.queries.places import line_of
from generation.queries.requests import job_for


class JobView(ApiView):
    """One job."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="jobs_retrieve", responses=JobSerializer)
    def get(self, request: Request, job_id: UUID) -> Response:
        """Show how far one picture is."""
        return _answer(access_of(request), job_id)


class CancelJobView(ApiView):
    """Cancelling."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="jobs_cancel", request=None, responses=JobSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Take a waiting picture out of the queue, or stop a running one at its next step."""
        access = access_of(request)
        cancel_job(access=access, job=job_for(access, job_id))
        return _answer(access, job_id)


class RetryJobView(ApiView):
    """Trying again."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="jobs_retry", request=None, responses=JobSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Put a failed or cancelled picture back into the queue with the same seed."""
        access = access_of(request)
        retry_job(access=access, job=job_for(access, job_id))
        return _answer(access, job_id)


class MoveJobView(ApiView):
    """Moving."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="jobs_move", request=MoveInput, responses=JobSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Move a waiting picture in its maker's own line: others keep their places."""
        access, job = access_of(request), job_for(access_of(request), job_id)
        to = Move(read_body(request, MoveInput)["to"])
        move_pictures(access=access, request=job.request, to=to, only=[job.pk])
        return _answer(access, job_id)


class LaneJobView(ApiView):
    """Changing the lane."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="jobs_lane", request=LaneInput, responses=JobSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Let a waiting picture wait in another lane."""
        access, job = access_of(request), job_for(access_of(request), job_id)
        lane = lane_of(read_body(request, LaneInput)["lane"])
        change_lane(access=access, request=job.request, lane=lane, only=[job.pk])
        return _answer(access, job_id)


class RescheduleJobView(ApiView):
    """Rescheduling."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="jobs_reschedule", request=StartInput, responses=JobSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Let a waiting picture start at a time, or at once."""
        access, job = access_of(request), job_for(access_of(request), job_id)
        moment = read_body(request, StartInput)["start_at"]
        reschedule(access=access, request=job.request, moment=moment, only=[job.pk])
        return _answer(access, job_id)


class PriorityJobView(ApiView):
    """Giving a priority."""

    required_scopes = {"POST": Scope.MANAGE}

    @extend_schema(operation_id="jobs_priority", request=PriorityInput, responses=JobSerializer)
    def post(self, request: Request, job_id: UUID) -> Response:
        """Let a waiting picture pass others, or give way to them. For admins of the project."""
        access, job = access_of(request), job_for(access_of(request), job_id)
        priority = read_body(request, PriorityInput)["priority"]
        set_priority(access=access, request=job.request, priority=priority, only=[job.pk])
        return _answer(access, job_id)


def _answer(access: Access, job_id: UUID) -> Response:
    job = job_for(access, job_id)
    context = {"line": line_of([job]), "reader_id": access.user_id}
    return Response(JobSerializer(job, context=context).data)
