"""The life of a job in a worker: claimed, reported, completed, failed, handed back, recovered.

A claim gives the job an attempt token. Every later change names the token in its UPDATE, so that
an attempt that was given up for lost can change nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.access import Access, Actor
from accounts.grants import access_for
from accounts.models import User
from accounts.roles import Permission
from assets.actions.archiving import AttemptGivenUp, NewPicture, archive_picture, discard_pending
from assets.models import Image
from generation.actions.workers import OVER_TIME
from generation.breakers import note_failure, note_start, note_success
from generation.dispatch import ring
from generation.engines.base import Cancelled, EngineResult, Phase, Progress
from generation.ledgers import learn_speed, lock_ledger, settle, write_ledger
from generation.models import GenerationJob, Worker
from generation.news import tell_job, tell_queue_moved, tell_step
from generation.queries.waiting import Turn, turn_of
from generation.queries.workers import Capacity, capacity_of
from generation.recording import snapshot_of
from generation.scheduling import Candidate, passed_over_after
from generation.specifying import NO_BEGINNING, Beginning
from generation.types import JobPhase, JobStatus

log = structlog.get_logger(__name__)

RELEASED_AT_ONCE = 500
# A picture that hangs is tried once more, by a new worker; each try costs a whole time limit.
MOST_ATTEMPTS_OVER_TIME = 2
GAVE_UP = {
    "worker_lost": "The worker stopped several times while it made this picture.",
    OVER_TIME: "The picture took longer than a picture may.",
}


class AttemptLost(Cancelled):
    """This attempt may no longer report: somebody else took the job over."""

    code = "attempt_lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at one job, held by one worker. `job` has its request, project and people.

    `largest_side` is the tier that the picture has to be made smaller for, if it has to. A worker
    may claim a job before it can begin with it: it sets `job.started_at` when it begins, and the
    first report writes it down.
    """

    job: GenerationJob
    token: UUID
    largest_side: int | None = None
    beginning: Beginning = NO_BEGINNING

    @property
    def rows(self) -> Q:
        """The job, as long as this attempt still owns it."""
        return Q(pk=self.job.pk, attempt_token=self.token, status=JobStatus.RUNNING)


@transaction.atomic
def claim_next_job(*, access: Access, worker: Worker) -> Claim | None:
    """Start the next job that the worker can make now; `None` when there is none.

    One worker decides at a time, so that no limit on running jobs is passed by two who look at
    once. Work of people who lost their permission while it waited is cancelled on the way.
    """
    access.require_system()
    lock_ledger()
    now = timezone.now()
    capacity = capacity_of(worker.pk)
    if capacity is None:
        return None
    turn = turn_of(capacity, now)
    for candidate in turn.order:
        claim = _claim(candidate.job_id, capacity)
        if claim is None:
            continue
        if not _still_permitted(claim.job):
            _finish(claim, JobStatus.CANCELLED, code="access_revoked", charged=False)
            continue
        _take_turn(capacity, turn, candidate, now)
        transaction.on_commit(partial(_tell_started, claim.job))
        return claim
    return None


def report_progress(*, access: Access, claim: Claim, progress: Progress) -> None:
    """Write down how far the attempt is and tell the maker.

    Raises:
        Cancelled: the maker does not want the picture any more.
        AttemptLost: the job was given to somebody else.
    """
    access.require_system()
    mine = GenerationJob.objects.filter(claim.rows)
    denoising = progress.phase == Phase.DENOISING
    moved = mine.filter(cancel_requested_at__isnull=True).update(
        phase=progress.phase.value,
        step=progress.step if denoising else _step_outside(progress, claim.job),
        started_at=claim.job.started_at,
    )
    if not moved:
        _interrupt(claim)
    job = claim.job
    tell_step(job.created_by_id, job.request_id, job.pk, progress)


def require_attempt(*, access: Access, claim: Claim) -> None:
    """Return when the attempt may go on; writes nothing.

    Raises:
        Cancelled: the maker does not want the picture any more.
        AttemptLost: the job was given to somebody else.
    """
    access.require_system()
    if not GenerationJob.objects.filter(claim.rows, cancel_requested_at__isnull=True).exists():
        _interrupt(claim)


def complete_job(*, access: Access, claim: Claim, result: EngineResult, worker: Worker) -> Image:
    """Archive the picture and finish the job, in one transaction.

    Raises:
        Cancelled: its maker did not want it any more; nothing was kept.
        AttemptGivenUp: the job was given to somebody else; nothing was kept.
    """
    access.require_system()
    job, request = claim.job, claim.job.request

    def finish(image: Image) -> None:
        mine = GenerationJob.objects.filter(claim.rows)
        finished = mine.filter(cancel_requested_at__isnull=True).update(
            status=JobStatus.SUCCEEDED,
            finished_at=timezone.now(),
            image=image,
            phase="",
            step=job.steps,
        )
        if not finished and mine.exists():
            raise Cancelled
        if not finished:
            raise AttemptGivenUp
        settle(job, used_seconds=_gpu_seconds(result), images=1)
        note_success(worker, request.model_version_id)
        if result.facts.made_size == (request.width, request.height):
            learn_speed(request, seconds=_gpu_seconds(result))
        transaction.on_commit(partial(_tell_finished, job, JobStatus.SUCCEEDED))

    uid = uuid4()
    return archive_picture(
        access=access,
        project=job.project,
        new=NewPicture(
            uid=uid,
            owner=claim.token,
            picture=result.picture,
            snapshot=snapshot_of(job, result, worker),
            created_by_id=job.created_by_id,
            template_version_id=request.template_version_id,
            parent_id=request.parent_image_id,
            request_id=request.pk,
        ),
        together=finish,
    )


def cancel_attempt(*, access: Access, claim: Claim) -> None:
    """The attempt stopped because its maker asked for it."""
    access.require_system()
    _finish(claim, JobStatus.CANCELLED)


def fail_attempt(
    *, access: Access, claim: Claim, code: str, message: str, retryable: bool = False
) -> None:
    """The attempt made no picture: try again while that makes sense, else fail with the reason."""
    access.require_system()
    if retryable and claim.job.attempts < settings.JOB_MAX_ATTEMPTS:
        _requeue(claim, code=code, message=message)
    else:
        _finish(claim, JobStatus.FAILED, code=code, message=message)


def hand_back(*, access: Access, claim: Claim) -> None:
    """The worker stops before the picture is done: the job waits again, at its old place.

    The attempt does not count against the job.
    """
    access.require_system()
    _requeue(claim, code="handed_back", attempts=claim.job.attempts - 1)


def recover_lost_jobs(*, access: Access) -> int:
    """Give running jobs of workers that are gone back to the queue; return how many.

    A worker is gone when it said so, or was not seen for WORKER_LOST_AFTER_SECONDS. A job that
    has lost too many workers fails instead: it may be what kills them. A worker holds several
    jobs, and only for the one that it was drawing does the loss count as an attempt.
    """
    access.require_system()
    cutoff = timezone.now() - timedelta(seconds=settings.WORKER_LOST_AFTER_SECONDS)
    lost = GenerationJob.objects.filter(
        Q(worker__isnull=True)
        | Q(worker__stopped_at__isnull=False)
        | Q(worker__last_seen_at__lt=cutoff),
        status=JobStatus.RUNNING,
    ).select_related("request", "project__organization", "worker")
    suspects = _suspects(lost)
    recovered = 0
    for job in lost:
        if job.attempt_token is None:  # the database forbids it; the type does not know
            continue
        claim = Claim(job, job.attempt_token)
        recovered += _recover(claim, suspect=job.pk in suspects)
        discard_pending(access=access, owner=claim.token)
    if recovered:
        ring()
    return recovered


@transaction.atomic
def release_due_jobs(*, access: Access) -> int:
    """Let scheduled jobs whose time has come join the line; return how many."""
    access.require_system()
    now = timezone.now()
    due = GenerationJob.objects.filter(status=JobStatus.SCHEDULED, start_at__lte=now)
    if not due.exists():
        return 0
    lock_ledger()  # somebody may be changing these at the same moment
    waiting = list(due.order_by("start_at", "position", "pk")[:RELEASED_AT_ONCE])
    released = 0
    for job in waiting:
        moved = GenerationJob.objects.filter(
            pk=job.pk, status=JobStatus.SCHEDULED, start_at__lte=now
        ).update(status=JobStatus.QUEUED, queued_at=now)
        if moved:
            released += 1
            transaction.on_commit(partial(_tell_waiting_again, job))
    return released


def _claim(job_id: UUID, capacity: Capacity) -> Claim | None:
    token = uuid4()
    job = GenerationJob.objects.select_related(
        "demand__model_version",
        "request__model_version",
        "request__template_version__template",
        "request__parent_image",
        "request__input_image",
        "project__organization",
        "created_by",
    ).get(pk=job_id)
    claimed = GenerationJob.objects.filter(
        pk=job_id, status=JobStatus.QUEUED, attempts=job.attempts
    ).update(
        status=JobStatus.RUNNING,
        attempts=job.attempts + 1,
        attempt_token=token,
        worker=capacity.worker,
        started_at=timezone.now(),
        phase="",
        step=0,
    )
    if not claimed:
        return None
    job.attempts += 1
    job.started_at = timezone.now()
    job.worker = capacity.worker
    short = job.demand is not None and not capacity.has_memory(job.demand)
    return Claim(job, token, capacity.largest_side(job.demand) if short and job.demand else None)


def _take_turn(capacity: Capacity, turn: Turn, candidate: Candidate, now: datetime) -> None:
    """Charge the owners, and remember which model the worker turns to and what that cost whom."""
    worker = capacity.worker
    turn.ledger.charge(candidate)
    write_ledger(
        turn.ledger, organization_id=candidate.organization_id, person_id=candidate.person_id
    )
    Worker.objects.filter(pk=worker.pk).update(
        resident_model_id=candidate.model_id,
        passed_over_seconds=passed_over_after(
            candidate,
            turn.fair_order,
            resident=worker.resident_model_id,
            passed_over=worker.passed_over_seconds,
        ),
    )
    note_start(worker, candidate.model_id, now=now)


def _still_permitted(job: GenerationJob) -> bool:
    maker: User = job.created_by
    access = access_for(maker, Actor(label=str(maker), user_id=maker.pk))
    return access.allows(Permission.REQUEST_IMAGES, job.project_id)


def _step_outside(progress: Progress, job: GenerationJob) -> int:
    """Steps drawn so far, seen from another phase: none before the drawing, all after it."""
    return job.steps if progress.phase in {Phase.DECODING, Phase.SAVING} else 0


def _interrupt(claim: Claim) -> NoReturn:
    """Say why the attempt may not go on."""
    if GenerationJob.objects.filter(claim.rows).exists():
        raise Cancelled
    raise AttemptLost


def _suspects(lost: Iterable[GenerationJob]) -> set[UUID]:
    """For each lost worker the one job that may have killed it: the one it was drawing.

    What is being saved was drawn before, and what was claimed ahead is behind it. When nothing was
    being drawn, it is the oldest. So every death counts for one job, and no job can kill for ever.
    """
    suspects: dict[UUID | None, UUID] = {}
    by_age = sorted(lost, key=lambda job: job.started_at or job.queued_at)
    for job in sorted(
        by_age, key=lambda job: (job.error_code != OVER_TIME, job.phase == JobPhase.SAVING)
    ):
        suspects.setdefault(job.worker_id, job.pk)
    return set(suspects.values())


def _most_attempts(job: GenerationJob) -> int:
    """How often a job that lost its worker is tried."""
    most: int = settings.JOB_MAX_ATTEMPTS
    return min(most, MOST_ATTEMPTS_OVER_TIME) if job.error_code == OVER_TIME else most


def _recover(claim: Claim, *, suspect: bool) -> bool:
    if claim.job.cancel_requested_at is not None:
        return _finish(claim, JobStatus.CANCELLED)
    if not suspect:
        return _requeue(claim, code="handed_back", attempts=claim.job.attempts - 1)
    if claim.job.attempts >= _most_attempts(claim.job):
        code = claim.job.error_code or "worker_lost"
        return _finish(claim, JobStatus.FAILED, code=code, message=GAVE_UP[code])
    log.warning("job.recovered", job=str(claim.job.pk), attempt=claim.job.attempts)
    return _requeue(claim, code="worker_lost")


@transaction.atomic
def _requeue(claim: Claim, *, code: str, message: str = "", attempts: int | None = None) -> bool:
    """Back into the queue at the old place. A wish to cancel is honoured instead."""
    job = claim.job
    mine = GenerationJob.objects.filter(claim.rows)
    requeued = mine.filter(cancel_requested_at__isnull=True).update(
        status=JobStatus.QUEUED,
        attempts=job.attempts if attempts is None else attempts,
        attempt_token=None,
        worker=None,
        started_at=None,
        phase="",
        step=0,
        error_code="",
    )
    if not requeued:
        return _finish(claim, JobStatus.CANCELLED)
    settle(job, used_seconds=_seconds_so_far(job))
    note_failure(job, code=code, message=message)
    transaction.on_commit(partial(_tell_waiting_again, job))
    return True


@transaction.atomic
def _finish(
    claim: Claim, status: JobStatus, *, code: str = "", message: str = "", charged: bool = True
) -> bool:
    """End the job, if this attempt still owns it. `charged`: its owners have paid for it."""
    finished = GenerationJob.objects.filter(claim.rows).update(
        status=status,
        finished_at=timezone.now(),
        phase="",
        error_code=code,
        error_message=message,
    )
    if finished and charged:
        settle(claim.job, used_seconds=_seconds_so_far(claim.job))
        note_failure(claim.job, code=code or status.value, message=message)
    if finished:
        transaction.on_commit(partial(_tell_finished, claim.job, status))
    return bool(finished)


def _gpu_seconds(result: EngineResult) -> float:
    """What the picture took of the GPU; loading the model is nobody's in particular."""
    seconds = result.facts.seconds
    return seconds.encode + seconds.denoise + seconds.decode


def _seconds_so_far(job: GenerationJob) -> float:
    return (timezone.now() - job.started_at).total_seconds() if job.started_at else 0.0


def _tell_started(job: GenerationJob) -> None:
    tell_job(job.created_by_id, job.request_id, job.pk, JobStatus.RUNNING)
    tell_queue_moved()


def _tell_waiting_again(job: GenerationJob) -> None:
    tell_job(job.created_by_id, job.request_id, job.pk, JobStatus.QUEUED)
    ring()


def _tell_finished(job: GenerationJob, status: JobStatus) -> None:
    log.info("job.finished", job=str(job.pk), status=status.value, attempt=job.attempts)
    tell_job(job.created_by_id, job.request_id, job.pk, status)
    ring()
