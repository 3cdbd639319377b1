"""What lies in the trash of a project."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from accounts.access import Access
from assets.models import Image, ImageQuerySet

PAGE_SIZE = 60
PROTECTED = Q(archive_name__isnull=False) | Q(download_count__gt=0)
"""What `assets.policies.is_protected` says, for the database."""


@dataclass(frozen=True, slots=True)
class TrashPage:
    """Some pictures, the last thrown away first. `cursor` begins the next page."""

    images: list[Image]
    cursor: str


def trash_page(
    access: Access, project_id: int, *, cursor: str = "", size: int = PAGE_SIZE
) -> TrashPage:
    """The pictures that the actor may take out again; a cursor that is none begins anew."""
    images = in_trash(access, project_id).select_related("trashed_by", "created_by")
    after = _after(cursor)
    if after is not None:
        images = images.filter(after)
    found = list(images.order_by("-trashed_at", "-pk")[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    last = found[-1] if has_more else None
    return TrashPage(found, _cursor(last) if last else "")


def in_trash(access: Access, project_id: int) -> ImageQuerySet:
    """Everything in the trash of a project that the actor may take out again."""
    return Image.objects.restorable_by(access).filter(project_id=project_id).defer("metadata")


def to_be_allowed(access: Access, project_id: int) -> ImageQuerySet:
    """Approved and delivered pictures that stay in the trash until somebody lets them go."""
    return in_trash(access, project_id).filter(PROTECTED, purge_allowed_by__isnull=True)


def purged_on(image: Image) -> dt.datetime | None:
    """When a picture of the trash is deleted for good; `None` while that is not to be."""
    if not settings.TRASH_DAYS or image.trashed_at is None:
        return None
    if image.purge_allowed_by_id is None and (
        image.archive_name is not None or image.download_count > 0
    ):
        return None
    moment: dt.datetime = image.trashed_at + timedelta(days=settings.TRASH_DAYS)
    return moment


def _cursor(image: Image) -> str:
    return f"{image.trashed_at.isoformat()}_{image.pk}" if image.trashed_at else ""


def _after(cursor: str) -> Q | None:
    text, _sign, number = cursor.rpartition("_")
    try:
        moment = dt.datetime.fromisoformat(text)
        image_id = int(number)
    except ValueError:
        return None
    if moment.tzinfo is None or not 0 <= image_id < 2**63:
        return None
    return Q(trashed_at__lt=moment) | Q(trashed_at=moment, pk__lt=image_id)


def chosen_in_trash(access: Access, project_id: int, ids: Collection[int]) -> list[Image]:
    """Those of the images that lie in the trash of a project and may be taken out again."""
    return list(in_trash(access, project_id).filter(pk__in=list(ids)))
