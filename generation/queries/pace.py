"""How quickly pictures are made here, what people asked for lately, and who keeps which worker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from generation.models import Demand, GenerationJob
from generation.pacing import Finished, Pace, Spread
from generation.queries.lines import JOB_COLUMNS, WaitingJob, read_jobs
from generation.queries.waiting import RunningUse
from generation.scene import Occupied
from generation.scheduling import RunningJob
from generation.types import JobPhase, JobStatus

LOOKED_BACK = 200
LONGEST_WINDOW = timedelta(minutes=30)
# What is left to do when all steps are drawn.
LAST_PART = 0.05


@dataclass(frozen=True, slots=True)
class Attempt:
    """One picture that was made: by which worker, from when to when."""

    job: WaitingJob
    worker_id: UUID | None
    started_at: datetime
    finished_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """One picture that is being made."""

    job: WaitingJob
    worker_id: UUID | None
    started_at: datetime
    phase: str
    share: float


def latest_attempts(demands: Mapping[int, Demand]) -> list[Attempt]:
    """The pictures that were made last, the newest first; one query."""
    jobs = GenerationJob.objects.filter(status=JobStatus.SUCCEEDED, started_at__isnull=False)
    rows = list(
        jobs.order_by("-finished_at").values_list(
            *JOB_COLUMNS, "worker_id", "started_at", "finished_at"
        )[:LOOKED_BACK]
    )
    known = read_jobs(rows, demands)
    return [Attempt(known[row[0]], *row[len(JOB_COLUMNS) :]) for row in rows if row[0] in known]


def progress_now(demands: Mapping[int, Demand]) -> list[Progress]:
    """The pictures that are being made, the one that began first at the front; one query."""
    jobs = GenerationJob.objects.filter(status=JobStatus.RUNNING).order_by("started_at")
    rows = list(jobs.values_list(*JOB_COLUMNS, "worker_id", "started_at", "phase", "step", "steps"))
    known = read_jobs(rows, demands)
    return [
        Progress(known[job_id], worker_id, started_at, phase, step / steps if steps else 0.0)
        for job_id, (worker_id, started_at, phase, step, steps) in (
            (row[0], row[len(JOB_COLUMNS) :]) for row in rows
        )
        if job_id in known
    ]


def pace_of(attempts: Iterable[Attempt]) -> Pace:
    """What the latest pictures tell about the next ones."""
    return Pace(reversed(list(_finished(attempts))))


def window_of(attempts: Sequence[Attempt], now: datetime) -> timedelta:
    """How far back every job is known that was asked for, made meanwhile or not."""
    if len(attempts) < LOOKED_BACK:
        return LONGEST_WINDOW
    return min(now - attempts[-1].finished_at, LONGEST_WINDOW)


def uses_of_running(running: Iterable[Progress]) -> list[RunningUse]:
    """The running jobs as quotas count them."""
    return [RunningUse(_whose(each.job), each.job.candidate.seconds) for each in running]


def occupied_by(
    running: Iterable[Progress], pace: Pace, workers: Sequence[UUID], now: datetime
) -> list[Occupied]:
    """Until when the running jobs keep which of the workers."""
    return [
        Occupied(
            _whose(each.job),
            _left(each, pace.seconds(each.job.candidate.model_id, each.job.estimate), now),
            workers.index(each.worker_id) if each.worker_id in workers else None,
        )
        for each in running
    ]


def _left(running: Progress, takes: Spread, now: datetime) -> Spread:
    """How long a running picture still takes; its steps tell better than the clock."""
    if running.phase in {"", JobPhase.LOADING}:
        return takes
    if running.share > 0:
        return takes.times(max(1 - running.share, LAST_PART))
    return takes.later(-(now - running.started_at).total_seconds())


def _finished(attempts: Iterable[Attempt]) -> Iterable[Finished]:
    """The pictures, the oldest first, with whether their worker had another model loaded before.

    Of the first one that is known of each worker nobody can tell; it is left out.
    """
    last: dict[UUID, int] = {}
    for each in sorted(attempts, key=lambda each: each.started_at):
        if each.worker_id is None:
            continue
        model_id = each.job.candidate.model_id
        before = last.get(each.worker_id)
        last[each.worker_id] = model_id
        if before is not None:
            yield Finished(
                model_id,
                each.job.estimate,
                (each.finished_at - each.started_at).total_seconds(),
                changed_model=before != model_id,
            )


def _whose(job: WaitingJob) -> RunningJob:
    each = job.candidate
    return RunningJob(each.person_id, each.project_id, each.organization_id)
