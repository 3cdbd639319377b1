"""Trying again what failed, all of a request at once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidTransition
from generation.actions.requesting import retry_job
from generation.models import GenerationRequest
from generation.types import JobStatus


@transaction.atomic
def retry_failed(*, access: Access, request: GenerationRequest) -> int:
    """Put every failed picture of the request back into the line, all or none; return how many.

    Raises:
        InvalidTransition: none of them has failed.
        LimitExceeded: the maker has too many pictures waiting.
    """
    access.require_work_of(request.created_by_id, request.project_id)
    failed = request.jobs.filter(status=JobStatus.FAILED).order_by("index")
    jobs = list(failed.select_related("project"))
    for job in jobs:
        retry_job(access=access, job=job)
    if not jobs:
        raise InvalidTransition(_("None of these pictures has failed."))
    return len(jobs)
