"""Keeping the counts of a project right, in the transaction that changes what they count."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import Counter
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.access import Access
from accounts.models import Project
from assets.models import DayTally, Image, ImageRendition, ProjectTally
from assets.queries.recounting import recount, recount_days

_ADD = """
INSERT INTO {table} (project_id, day, images) VALUES (%s, %s, %s)
ON CONFLICT (project_id, day) DO UPDATE SET images = {table}.images + excluded.images
"""


def count_arrived(*, images: Collection[Image]) -> None:
    """Images came into the gallery of their project: archived, moved in or restored."""
    _count(images, gallery=1)


def count_left(*, images: Collection[Image]) -> None:
    """Images left the gallery of their project: moved out or trashed."""
    _count(images, gallery=-1)


def count_trashed(*, images: Collection[Image]) -> None:
    """Images of the gallery lie in the trash now."""
    _count(images, gallery=-1, trash=1)


def count_restored(*, images: Collection[Image]) -> None:
    """Images of the trash hang in the gallery again."""
    _count(images, gallery=1, trash=-1)


def count_purged(*, images: Collection[Image]) -> None:
    """Images of the trash are about to be deleted; their rows are still there."""
    _count(images, trash=-1)


def day_of_arrival(image: Image) -> dt.date:
    """The day an image arrived, by its organization's clock."""
    try:
        zone = zoneinfo.ZoneInfo(image.project.organization.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.localdate(image.archived_at)
    return timezone.localdate(image.archived_at, zone)


def _count(images: Collection[Image], *, gallery: int = 0, trash: int = 0) -> None:
    """Add the images, `gallery` and `trash` times, to the counts of their projects and days."""
    if not images:
        return
    renditions = dict(
        ImageRendition.objects.filter(image__in=[image.pk for image in images])
        .values_list("image_id")
        .annotate(total=Sum("bytes"))
    )
    count: Counter[int] = Counter()
    size: Counter[int] = Counter()
    days: Counter[tuple[int, dt.date]] = Counter()
    for image in images:
        count[image.project_id] += 1
        size[image.project_id] += image.bytes + renditions.get(image.pk, 0)
        days[image.project_id, day_of_arrival(image)] += gallery
    ProjectTally.objects.bulk_create(
        [ProjectTally(project_id=project_id) for project_id in sorted(count)],
        ignore_conflicts=True,
    )
    # In one order everywhere, so that two transactions cannot wait for each other.
    for project_id in sorted(count):
        ProjectTally.objects.filter(project_id=project_id).update(
            images=F("images") + gallery * count[project_id],
            bytes=F("bytes") + gallery * size[project_id],
            trashed_images=F("trashed_images") + trash * count[project_id],
            trashed_bytes=F("trashed_bytes") + trash * size[project_id],
        )
    rows = [(*key, number) for key, number in sorted(days.items()) if number]
    if rows:
        table = connection.ops.quote_name(DayTally._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(_ADD.format(table=table), rows)


@transaction.atomic
def repair_tally(*, access: Access, project: Project) -> None:
    """Count the pictures of a project anew and keep that.

    The row is locked first: who changes pictures at the same moment has been counted, or counts
    after this.
    """
    access.require_system()
    ProjectTally.objects.bulk_create([ProjectTally(project=project)], ignore_conflicts=True)
    ProjectTally.objects.select_for_update().get(project=project)
    use = recount(project)
    ProjectTally.objects.filter(project=project).update(
        images=use.images,
        bytes=use.bytes,
        trashed_images=use.trashed_images,
        trashed_bytes=use.trashed_bytes,
    )
    DayTally.objects.filter(project=project).delete()
    DayTally.objects.bulk_create(
        DayTally(project=project, day=day, images=images)
        for day, images in sorted(recount_days(project).items())
    )
