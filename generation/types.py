"""States of the work, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobStatus(TextChoices):
    """Where one picture of a request stands.

    queued -> running -> succeeded | failed | cancelled; a job whose worker was lost goes back
    from running to queued.
    """

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL = frozenset({JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.CANCELLED})

TRANSITIONS: Mapping[JobStatus, frozenset[JobStatus]] = {
    JobStatus.QUEUED: frozenset({JobStatus.RUNNING, JobStatus.CANCELLED}),
    JobStatus.RUNNING: FINAL | {JobStatus.QUEUED},
    JobStatus.FAILED: frozenset({JobStatus.QUEUED}),
    JobStatus.CANCELLED: frozenset({JobStatus.QUEUED}),
    JobStatus.SUCCEEDED: frozenset(),
}


class JobPhase(TextChoices):
    """What a running job is doing; the values are those of `engines.base.Phase`."""

    LOADING = "loading", _("Loading the model")
    ENCODING = "encoding", _("Reading the prompt")
    DENOISING = "denoising", _("Drawing")
    DECODING = "decoding", _("Developing")
    SAVING = "saving", _("Saving")
