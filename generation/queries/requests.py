"""Finding requests, their pictures and their jobs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.access import Access
from accounts.errors import NotVisible
from assets.models import Image
from generation.models import GenerationJob, GenerationRequest
from generation.types import OPEN, WAITING, JobStatus

PAGE_SIZE = 20
MOST_OPEN = 6
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: below the row of this moment and id, in the order newest first."""

    moment: datetime
    identity: UUID

    def __str__(self) -> str:
        microseconds = (self.moment - EPOCH) // timedelta(microseconds=1)
        return f"{microseconds}.{self.identity.hex}"

    def below(self, column: str) -> Q:
        """The rows after this one, where `column` holds their moment."""
        later = Q(**{f"{column}__lt": self.moment})
        return later | Q(**{column: self.moment, "pk__lt": self.identity})

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read `str()` back; whatever else it says is the beginning, `None`."""
        microseconds, _, identity = text.partition(".")
        if not (microseconds.isascii() and microseconds.isdigit() and len(microseconds) < 18):
            return None
        try:
            moment = EPOCH + timedelta(microseconds=int(microseconds))
            return cls(min(moment, LATEST), UUID(identity))
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Up to `PAGE_SIZE` requests, newest first. `cursor` begins the next page."""

    requests: list[GenerationRequest]
    cursor: Cursor | None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many pictures of a project run and wait."""

    running: int
    waiting: int


def request_for(access: Access, request_id: UUID) -> GenerationRequest:
    """One request with everything that its page shows; `NotVisible` for strangers."""
    request = _shown(access).filter(pk=request_id).first()
    if request is None:
        raise NotVisible
    return request


def job_for(access: Access, job_id: UUID) -> GenerationJob:
    """One job with its request and project; `NotVisible` for strangers."""
    job = (
        GenerationJob.objects.visible_to(access)
        .select_related("request", "project")
        .filter(pk=job_id)
        .first()
    )
    if job is None:
        raise NotVisible
    return job


def requests_page(
    access: Access,
    project_id: int,
    *,
    person_id: int | None = None,
    cursor: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> RequestPage:
    """A project's requests, or those of one person in it, in two queries."""
    found = _shown(access).filter(project_id=project_id)
    if person_id is not None:
        found = found.filter(created_by_id=person_id)
    if cursor is not None:
        found = found.filter(cursor.below("created_at"))
    requests = list(found.order_by("-created_at", "-pk")[: size + 1])
    has_more = len(requests) > size
    requests = requests[:size]
    last = requests[-1] if has_more else None
    return RequestPage(requests, Cursor(last.created_at, last.pk) if last else None)


def open_requests(access: Access, project_id: int) -> list[GenerationRequest]:
    """The actor's own requests in a project that are not finished, newest first."""
    unfinished = GenerationJob.objects.filter(request=OuterRef("pk"), status__in=sorted(OPEN))
    mine = _shown(access).filter(project_id=project_id, created_by_id=access.user_id)
    return list(mine.filter(Exists(unfinished)).order_by("-created_at", "-pk")[:MOST_OPEN])


def recent_pictures(
    access: Access, project_id: int, *, besides: Collection[UUID] = (), size: int = 12
) -> list[Image]:
    """The actor's newest pictures in a project, without those of some requests."""
    mine = (
        Image.objects.visible_to(access)
        .in_gallery()
        .filter(project_id=project_id, created_by_id=access.user_id)
    )
    # A picture without a request belongs to none of them, which SQL's NOT IN would not say.
    others = mine.filter(Q(request_id__isnull=True) | ~Q(request_id__in=list(besides)))
    return list(others.defer("metadata").order_by("-id")[:size])


def totals_of(access: Access, project_id: int) -> Totals:
    """How many pictures of a project run and wait now, of everybody."""
    counts = (
        GenerationJob.objects.visible_to(access)
        .filter(project_id=project_id, status__in=sorted(OPEN))
        .aggregate(
            running=Count("pk", filter=Q(status=JobStatus.RUNNING)),
            waiting=Count("pk", filter=Q(status__in=sorted(WAITING))),
        )
    )
    return Totals(**counts)


def _shown(access: Access) -> QuerySet[GenerationRequest]:
    jobs = GenerationJob.objects.order_by("index").select_related("image").defer("image__metadata")
    return (
        GenerationRequest.objects.visible_to(access)
        .select_related(
            "project__organization",
            "created_by",
            "model_version",
            "template_version__template",
            "parent_image",
            "input_image",
        )
        .defer("parent_image__metadata", "input_image__metadata")
        .prefetch_related(Prefetch("jobs", jobs))
    )
