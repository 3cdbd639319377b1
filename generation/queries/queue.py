"""The queue as everybody may see it: one's own work in full, that of others without a name.

Every function asks a constant number of questions. What is read about others crosses the borders
between organizations, so it holds nothing that says whose it is: a place, a lane, a class of size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.access import Access
from generation.models import Demand, GenerationJob, GenerationRequest, Worker
from generation.queries.places import line_of
from generation.queries.waiting import first_of_everybody
from generation.types import OPEN, WAITING, JobLane, JobStatus, SizeClass, size_class
from generation.wording import LANES, lane_label

MOST_OWN = 50
MOST_OTHERS = 30


@dataclass(frozen=True, slots=True)
class OwnWork:
    """A person's open jobs, by request; each request holds those of its jobs that are shown.

    The requests come in the order of their first job: what runs, what waits in the order of the
    line, what starts at a time. `total` counts all of them, those that are not shown included.
    `begun` are the requests of which something has been made already, or tried.
    """

    requests: list[GenerationRequest]
    total: int
    begun: frozenset[UUID]

    @property
    def shown(self) -> int:
        """How many jobs the requests hold."""
        return sum(len(request.jobs.all()) for request in self.requests)


@dataclass(frozen=True, slots=True)
class LineEntry:
    """One waiting job in the line of everybody; of somebody else's nothing more is told.

    `number` is its place, `None` where nobody can say.
    """

    number: int | None
    lane: JobLane
    size: SizeClass
    is_own: bool

    @property
    def lane_label(self) -> str:
        """The lane in words, where it is worth a word."""
        return lane_label(self.lane)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueTotals:
    """How much there is, of everybody on the site. `lanes` counts what stands in the line."""

    running: int = 0
    waiting: int = 0
    scheduled: int = 0
    lanes: dict[JobLane, int] = field(default_factory=dict)
    workers: int = 0
    workers_busy: int = 0

    @property
    def lane_counts(self) -> list[tuple[str, int]]:
        """What stands in each lane that is not empty, in words."""
        return [(str(LANES[lane]), count) for lane, count in self.lanes.items() if count]


def open_count(access: Access) -> int:
    """How many pictures of the actor's are not finished."""
    return _own(access).count()


def own_work(access: Access, *, most: int = MOST_OWN) -> OwnWork:
    """The actor's own open jobs, the first ones in full."""
    ids = list(in_order(_own(access)).values_list("pk", flat=True)[:most])
    requests = requests_holding(ids)
    place = {job_id: number for number, job_id in enumerate(ids)}
    requests.sort(key=lambda request: min(place[job.pk] for job in request.jobs.all()))
    total = len(ids) if len(ids) < most else open_count(access)
    return OwnWork(requests, total, _begun(requests))


def line_of_everybody(
    access: Access, own: Collection[UUID] = (), *, most: int = MOST_OTHERS
) -> list[LineEntry]:
    """The waiting jobs of others that are next, and the actor's `own` ones between them.

    Of the others the first one of everybody and those that wait longest are looked at: among them
    are the next ones, whatever the line looks like.
    """
    waiting = GenerationJob.objects.filter(status=JobStatus.QUEUED)
    others = waiting.exclude(created_by_id=access.user_id)
    demands = list(Demand.objects.values_list("pk", flat=True))
    heads = [
        each.job_id for each in first_of_everybody(demands) if each.person_id != access.user_id
    ][: 3 * most]
    longest = others.order_by("queued_at", "pk").values_list("pk", flat=True)[:most]
    jobs = list(waiting.filter(pk__in={*heads, *longest, *own}).select_related("demand"))
    line = line_of(jobs)
    entries = [
        LineEntry(
            line.place_of(job).number,
            JobLane(job.lane),
            size_class(job.demand.side if job.demand else 0),
            job.created_by_id == access.user_id,
        )
        for job in jobs
    ]
    entries.sort(key=lambda each: (each.number is None, each.number or 0, each.lane))
    strangers = list(accumulate(not each.is_own for each in entries))
    return [
        each for each, seen in zip(entries, strangers, strict=True) if each.is_own or seen <= most
    ]


def queue_totals() -> QueueTotals:
    """How much runs, waits and is scheduled on the site, and how many workers are at it."""
    counts = dict.fromkeys(OPEN, 0)
    lanes = dict.fromkeys(JobLane, 0)
    rows = (
        GenerationJob.objects.filter(status__in=sorted(OPEN))
        .values("status", "lane")
        .annotate(count=Count("pk"))
        .values_list("status", "lane", "count")
    )
    for status, lane, count in rows:
        counts[JobStatus(status)] += count
        if status == JobStatus.QUEUED:
            lanes[JobLane(lane)] += count
    cutoff = timezone.now() - timedelta(seconds=settings.WORKER_LOST_AFTER_SECONDS)
    workers = Worker.objects.filter(stopped_at__isnull=True, last_seen_at__gte=cutoff)
    running = GenerationJob.objects.filter(status=JobStatus.RUNNING)
    return QueueTotals(
        running=counts[JobStatus.RUNNING],
        waiting=counts[JobStatus.QUEUED],
        scheduled=counts[JobStatus.SCHEDULED],
        lanes=lanes,
        workers=workers.count(),
        workers_busy=workers.filter(pk__in=running.values("worker")).count(),
    )


def in_order(jobs: QuerySet[GenerationJob]) -> QuerySet[GenerationJob]:
    """What runs, then what waits in the order of each person's line, then what starts at a time."""
    rank = Case(
        When(status=JobStatus.RUNNING, then=Value(0)),
        When(status=JobStatus.QUEUED, then=Value(1)),
        When(status=JobStatus.SCHEDULED, then=Value(2)),
        default=Value(3),
    )
    # A job that was released into the line still remembers the time that it was released at.
    moment = Case(
        When(status=JobStatus.RUNNING, then=F("started_at")),
        When(status=JobStatus.SCHEDULED, then=F("start_at")),
    )
    return jobs.order_by(rank, moment, "lane", "-priority", "position", "request_id", "index")


def requests_holding(job_ids: Sequence[UUID]) -> list[GenerationRequest]:
    """The requests of these jobs, which the reader may see; each holds those of them alone."""
    jobs = GenerationJob.objects.filter(pk__in=job_ids)
    shown = in_order(jobs).select_related("image").defer("image__metadata")
    return list(
        GenerationRequest.objects.filter(pk__in=jobs.values("request"))
        .select_related("project__organization", "created_by", "model_version")
        .prefetch_related(Prefetch("jobs", shown))
    )


def _own(access: Access) -> QuerySet[GenerationJob]:
    return GenerationJob.objects.visible_to(access).filter(
        created_by_id=access.user_id, status__in=sorted(OPEN)
    )


def _begun(requests: Iterable[GenerationRequest]) -> frozenset[UUID]:
    ids = [request.pk for request in requests]
    begun = GenerationJob.objects.filter(
        Q(attempts__gt=0) | ~Q(status__in=[*WAITING, JobStatus.CANCELLED]), request=OuterRef("pk")
    )
    found = GenerationRequest.objects.filter(Exists(begun), pk__in=ids)
    return frozenset(found.values_list("pk", flat=True))
