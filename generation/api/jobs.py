"""Single pictures of a request."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView
from accounts.roles import Scope
from generation.actions.requesting import cancel_job, retry_job
from generation.api.shapes import JobSerializer
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


def _answer(access: Access, job_id: UUID) -> Response:
    job = job_for(access, job_id)
    context = {"line": line_of([job]), "reader_id": access.user_id}
    return Response(JobSerializer(job, context=context).data)
