"""Taking an ask back and asking again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.http import PortalRequest
from generation.actions.requesting import cancel_job, cancel_request, retry_job
from generation.actions.retrying import retry_failed
from generation.queries.requests import job_for, request_for
from generation.views.after_change import shown_after


@require_POST
def request_cancel(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Cancel what is left of a request."""
    found = request_for(request.access, request_id)
    cancel_request(access=request.access, request=found)
    return shown_after(request, request_id)


@require_POST
def job_cancel(request: PortalRequest, job_id: UUID) -> HttpResponse:
    """Cancel one picture."""
    job = job_for(request.access, job_id)
    cancel_job(access=request.access, job=job)
    return shown_after(request, job.request_id)


@require_POST
def job_retry(request: PortalRequest, job_id: UUID) -> HttpResponse:
    """Try a failed or cancelled picture again."""
    job = job_for(request.access, job_id)
    retry_job(access=request.access, job=job)
    return shown_after(request, job.request_id)


@require_POST
def request_retry(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Try all failed pictures of a request again."""
    found = request_for(request.access, request_id)
    retry_failed(access=request.access, request=found)
    return shown_after(request, request_id)
