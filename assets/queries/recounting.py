"""Counting anew what is kept as tallies: slow, and exact."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Project
from assets.models import DayTally, Image, ImageRendition, ProjectTally
from assets.queries.storage_use import StorageUse


def recount(project: Project) -> StorageUse:
    """What the tally of a project should say."""
    trashed = Q(trashed_at__isnull=False)
    counted = Image.objects.filter(project=project).aggregate(
        images=Count("pk", filter=~trashed),
        size=Sum("bytes", filter=~trashed, default=0),
        trashed_images=Count("pk", filter=trashed),
        trashed_size=Sum("bytes", filter=trashed, default=0),
    )
    trashed = Q(image__trashed_at__isnull=False)
    renditions = ImageRendition.objects.filter(image__project=project).aggregate(
        size=Sum("bytes", filter=~trashed, default=0),
        trashed_size=Sum("bytes", filter=trashed, default=0),
    )
    return StorageUse(
        images=counted["images"],
        bytes=counted["size"] + renditions["size"],
        trashed_images=counted["trashed_images"],
        trashed_bytes=counted["trashed_size"] + renditions["trashed_size"],
    )


def recount_days(project: Project) -> dict[dt.date, int]:
    """How many pictures of the gallery arrived on each day, by the organization's clock."""
    try:
        zone: dt.tzinfo = zoneinfo.ZoneInfo(project.organization.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = timezone.get_current_timezone()
    days = (
        Image.objects.in_gallery()
        .filter(project=project)
        .order_by()
        .annotate(day=TruncDate("archived_at", tzinfo=zone))
        .values_list("day")
        .annotate(images=Count("pk"))
    )
    return dict(days)


def tally_of(project: Project) -> StorageUse:
    """What the tally of a project says."""
    tally = ProjectTally.objects.filter(project=project).first()
    if tally is None:
        return StorageUse()
    return StorageUse(tally.images, tally.bytes, tally.trashed_images, tally.trashed_bytes)


def day_tallies_of(project: Project) -> dict[dt.date, int]:
    """What the days of a project say; days without pictures are left out."""
    rows = DayTally.objects.filter(project=project).exclude(images=0)
    return dict(rows.values_list("day", "images"))
