"""Requests and jobs as the pages show them: words for every state, and which buttons there are.

Templates get these and decide nothing. Everything comes from rows that a query has prefetched; the
line is asked once for all requests of a page, and only if one of their jobs waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import Access
from accounts.roles import Permission
from assets.models import Image
from assets.types import SUBMITTABLE
from generation.models import GenerationJob, GenerationRequest
from generation.queries.places import Line, Place, line_of
from generation.types import WAITING, JobStatus
from generation.wording import (
    Failure,
    ago_words,
    failure_of,
    place_words,
    progress_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTile:
    """One picture of a request.

    `words` say where it stands, `reason` why it waits, `remaining` when it will be done (each may
    be empty). `is_stopping` is a running job that was cancelled and ends at its next step. `log` is
    what its worker was doing when it was given up, for those who operate the site.
    """

    job: GenerationJob
    words: str
    reason: str = ""
    remaining: str = ""
    lacks_worker: bool = False
    failure: Failure | None = None
    log: str = ""
    is_stopping: bool = False
    may_cancel: bool = False
    may_retry: bool = False
    may_submit: bool = False

    @property
    def image(self) -> Image | None:
        """The picture, while it hangs in the gallery of the project that asked for it."""
        return self.job.shown_image


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCard:
    """One request with its tiles. `is_own` says whether the reader made it."""

    request: GenerationRequest
    tiles: Sequence[JobTile]
    is_own: bool

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many jobs are in each state that occurs, the finished ones first."""
        order = (
            JobStatus.SUCCEEDED,
            JobStatus.RUNNING,
            JobStatus.QUEUED,
            JobStatus.SCHEDULED,
            JobStatus.FAILED,
            JobStatus.CANCELLED,
        )
        counted = Counter(tile.job.status for tile in self.tiles)
        return [(status.value, counted[status]) for status in order if counted[status]]

    @property
    def is_tall(self) -> bool:
        """Whether its pictures are higher than wide."""
        return self.request.height > self.request.width

    @property
    def asked(self) -> str:
        """How long ago it was asked."""
        return ago_words(self.request.created_at)

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen by itself."""
        return all(tile.job.is_final for tile in self.tiles)

    @property
    def has_ended_tiles(self) -> bool:
        """Whether some of its pictures are finished already."""
        return any(tile.job.is_final for tile in self.tiles)

    @property
    def may_cancel(self) -> bool:
        """Whether the reader can stop what is left of it."""
        return any(tile.may_cancel for tile in self.tiles)

    @property
    def lacks_worker(self) -> bool:
        """Whether something waits that no worker is there for."""
        return any(tile.lacks_worker for tile in self.tiles)

    @property
    def images(self) -> list[Image]:
        """The pictures that are done."""
        return [tile.image for tile in self.tiles if tile.image]


def cards_of(access: Access, requests: Sequence[GenerationRequest]) -> list[RequestCard]:
    """Each request as this reader may see it."""
    jobs = [job for request in requests for job in request.jobs.all()]
    line = line_of(jobs)
    return [_card(access, request, line) for request in requests]


def card_of(access: Access, request: GenerationRequest) -> RequestCard:
    """One request as this reader may see it."""
    return cards_of(access, [request])[0]


def _card(access: Access, request: GenerationRequest, line: Line) -> RequestCard:
    is_own = request.created_by_id == access.user_id
    permission = Permission.REQUEST_IMAGES if is_own else Permission.MANAGE_PROJECT
    may_change = access.allows(permission, request.project_id)
    may_submit = is_own and access.allows(Permission.SUBMIT_IMAGES, request.project_id)
    return RequestCard(
        request=request,
        tiles=[
            _tile(
                job,
                line,
                is_own=is_own,
                may_change=may_change,
                may_submit=may_submit,
                may_see_log=access.operates_site,
            )
            for job in request.jobs.all()
        ],
        is_own=is_own,
    )


def _tile(
    job: GenerationJob,
    line: Line,
    *,
    is_own: bool,
    may_change: bool,
    may_submit: bool,
    may_see_log: bool,
) -> JobTile:
    waits = line.place_of(job) if job.status in WAITING else None
    is_stopping = job.status == JobStatus.RUNNING and job.cancel_requested_at is not None
    return JobTile(
        job=job,
        words=_words(job, waits),
        reason=waits.reason(is_maker=is_own) if waits else "",
        remaining=waits.done_words() if waits else "",
        lacks_worker=waits is not None and not waits.has_worker,
        failure=failure_of(job),
        log=job.error_log if may_see_log else "",
        is_stopping=is_stopping,
        may_cancel=may_change and not job.is_final and not is_stopping,
        may_retry=may_change and job.status in {JobStatus.FAILED, JobStatus.CANCELLED},
        may_submit=may_submit
        and job.shown_image is not None
        and job.shown_image.review_status in SUBMITTABLE,
    )


def _words(job: GenerationJob, waits: Place | None) -> str:
    if waits and job.status == JobStatus.QUEUED:
        return place_words(waits.number)
    if job.status == JobStatus.RUNNING:
        return progress_words(job)
    return str(JobStatus(job.status).label)
