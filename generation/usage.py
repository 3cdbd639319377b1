"""Counting what was used, when a job ends."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from generation.models import EVERY, GenerationJob, UsageCounter
from generation.quotas import Period, period_start

_COUNT = """
INSERT INTO {table}
    (organization_id, project_key, person_key, period, starts_at, images, gpu_seconds)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (organization_id, project_key, person_key, period, starts_at) DO UPDATE
SET images = {table}.images + excluded.images,
    gpu_seconds = {table}.gpu_seconds + excluded.gpu_seconds
"""


def count_use(job: GenerationJob, *, images: int, seconds: float, now: datetime) -> None:
    """Add to every counter that the job belongs to: of the person and of everybody, in the project
    and in the organization, for the day and the month in the organization's time zone.
    """
    organization = job.project.organization
    starts = {
        period: UsageCounter._meta.get_field("starts_at").get_db_prep_value(
            period_start(period, now, organization.time_zone), connection
        )
        for period in Period
    }
    rows = [
        (organization.pk, project, person, period.value, starts_at, images, max(seconds, 0.0))
        for period, starts_at in starts.items()
        for project in (job.project_id, EVERY)
        for person in (job.created_by_id, EVERY)
    ]
    # An addition inside the database: two jobs that end at once are both counted.
    table = connection.ops.quote_name(UsageCounter._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(_COUNT.format(table=table), rows)
