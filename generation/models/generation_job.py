"""One picture of a request."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from accounts.scoping import ProjectScopedQuerySet
from assets.models import Image
from generation.models.demand import Demand
from generation.models.generation_request import GenerationRequest
from generation.models.worker import Worker
from generation.types import FINAL, OPEN, WAITING, JobLane, JobPhase, JobStatus


class GenerationJobQuerySet(ProjectScopedQuerySet["GenerationJob"]):
    """Jobs, scoped by project."""


class GenerationJob(models.Model):
    """The unit of work. The database is the truth about it; Redis only rings the bell.

    Every status change is a conditional UPDATE in `generation/actions`. `attempt_token` names the
    one attempt that may report about a running job: a worker that was only slow finds its token
    gone and stops.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(GenerationRequest, on_delete=models.PROTECT, related_name="jobs")
    # The partial indexes below lead to person and project; plain ones would mislead the planner.
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="jobs", db_index=False
    )
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="jobs", db_index=False
    )
    index = models.PositiveIntegerField()
    seed = models.BigIntegerField(_("seed"))
    engine = models.CharField(max_length=40)
    demand = models.ForeignKey(
        Demand, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    lane = models.PositiveSmallIntegerField(
        _("lane"), choices=JobLane.choices, default=JobLane.INTERACTIVE
    )
    priority = models.SmallIntegerField(_("priority"), default=0)
    position = models.BigIntegerField(default=0)  # in its maker's line; starts as microseconds
    start_at = models.DateTimeField(null=True, blank=True)
    estimated_seconds = models.FloatField(default=0)

    status = models.CharField(
        _("status"), max_length=10, choices=JobStatus.choices, default=JobStatus.QUEUED
    )
    attempts = models.PositiveIntegerField(default=0)
    attempt_token = models.UUIDField(null=True, blank=True)
    worker = models.ForeignKey(
        Worker, on_delete=models.SET_NULL, related_name="jobs", null=True, blank=True
    )
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)
    phase = models.CharField(max_length=10, choices=JobPhase.choices, blank=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField()
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    error_log = models.TextField(blank=True)
    image = models.OneToOneField(
        Image, on_delete=models.SET_NULL, related_name="job", null=True, blank=True
    )

    objects = GenerationJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(fields=["request", "index"], name="one_job_per_picture"),
            models.CheckConstraint(
                condition=Q(status__in=sorted(FINAL), finished_at__isnull=False)
                | Q(status__in=sorted(OPEN), finished_at__isnull=True),
                name="a_finished_job_says_when",
            ),
            models.CheckConstraint(
                condition=Q(status=JobStatus.RUNNING, attempt_token__isnull=False)
                | ~Q(status=JobStatus.RUNNING),
                name="a_running_job_has_a_token",
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(WAITING), demand__isnull=False)
                | ~Q(status__in=sorted(WAITING)),
                name="a_waiting_job_says_what_it_needs",
            ),
            models.CheckConstraint(
                condition=Q(status=JobStatus.SCHEDULED, start_at__isnull=False)
                | ~Q(status=JobStatus.SCHEDULED),
                name="a_scheduled_job_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at", "id"],
                condition=Q(status=JobStatus.QUEUED),
                name="waiting_jobs_oldest_first",
            ),
            models.Index(
                fields=["created_by"],
                condition=Q(status__in=sorted(OPEN)),
                name="open_jobs_of_a_person",
            ),
            models.Index(
                fields=[
                    "created_by",
                    "project",
                    "demand",
                    "lane",
                    "-priority",
                    "position",
                    "request",
                    "index",
                ],
                condition=Q(status=JobStatus.QUEUED),
                name="first_waiting_job_of_each",
            ),
            models.Index(
                fields=["start_at"],
                condition=Q(status=JobStatus.SCHEDULED),
                name="scheduled_jobs_by_time",
            ),
            models.Index(
                fields=["worker"],
                condition=Q(status=JobStatus.RUNNING),
                name="running_jobs_of_a_worker",
            ),
            models.Index(
                fields=["-finished_at"],
                condition=Q(status=JobStatus.SUCCEEDED),
                name="latest_finished_jobs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} #{self.index + 1}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to this job by itself."""
        return self.status in FINAL

    @property
    def shown_image(self) -> Image | None:
        """The picture, unless it was thrown away or moved to another project since."""
        image = self.image
        if image is None or image.trashed_at or image.project_id != self.project_id:
            return None
        return image
