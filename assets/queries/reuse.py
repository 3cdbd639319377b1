"""How much of what was made is used again, and how much of it leaves the house."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from accounts.access import Access
from assets.models import Image, ImageUse, ProjectTally
from assets.types import UseKind

MONTHS = 12
_TAKEN = (UseKind.DOWNLOAD, UseKind.EXPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """The figures of one project. `months` are the last twelve, oldest first: first day, number."""

    images: int
    reused: int
    downloaded: int
    months: tuple[tuple[dt.date, int], ...]

    @property
    def share(self) -> float | None:
        """Which part of the images was used again, from 0 to 1; `None` without images."""
        return self.reused / self.images if self.images else None

    @property
    def percent(self) -> int | None:
        """The share for people."""
        return None if self.share is None else round(100 * self.share)


def reuse_of(access: Access, project_id: int) -> Reuse:
    """The figures of a project, in four queries; what was never used is not looked at."""
    gallery = Image.objects.visible_to(access).in_gallery().filter(project_id=project_id)
    tally = ProjectTally.objects.visible_to(access).filter(project_id=project_id).first()
    return Reuse(
        images=tally.images if tally else 0,
        reused=gallery.filter(reuse_count__gt=0).count(),
        downloaded=gallery.filter(download_count__gt=0).count(),
        months=_months(access, project_id),
    )


def _months(access: Access, project_id: int) -> tuple[tuple[dt.date, int], ...]:
    first = timezone.localdate().replace(day=1)
    days = [first]
    for _month in range(MONTHS - 1):
        days.append((days[-1] - dt.timedelta(days=1)).replace(day=1))
    since = timezone.make_aware(dt.datetime.combine(days[-1], dt.time()))
    uses = ImageUse.objects.visible_to(access).filter(
        image__project_id=project_id, kind__in=_TAKEN, created_at__gte=since
    )
    counted: Counter[dt.date] = Counter()
    for month, number in (
        uses.annotate(month=TruncMonth("created_at"))
        .order_by()
        .values_list("month")
        .annotate(number=Count("pk"))
    ):
        counted[timezone.localtime(month).date()] = number
    return tuple((day, counted[day]) for day in reversed(days))
