"""Everything that decides who is next and when, as it was read at one moment.

The number of queries is constant, and their cost grows with the number of people who wait, not with
the number of their jobs (`generation.queries.lines`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from generation.forecasting import Asked, Forecast, forecast
from generation.gates import Gates
from generation.holding import Hold, HoldKind
from generation.ledgers import read_ledger
from generation.limits import Rules
from generation.models import Demand, GenerationJob
from generation.pacing import Pace
from generation.policies import hold_by_rules
from generation.queries.holds import hold_by_workers
from generation.queries.limits import rules_for
from generation.queries.lines import JobsInLine, Waiters, WaitingJob, read_lines
from generation.queries.pace import (
    Attempt,
    Progress,
    latest_attempts,
    occupied_by,
    pace_of,
    progress_now,
    uses_of_running,
    window_of,
)
from generation.queries.usage import QuotaOwner
from generation.queries.waiting import owner_of, uses_for_start, with_caps
from generation.queries.workers import Capacity, live_capacities
from generation.quotas import Quota, Use
from generation.scene import Scene, Server, Waiting, WaitingLine
from generation.scheduling import Ledger, Running
from generation.types import WorkerState

# So many starts are played.
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Situation:
    """Who waits, who runs, who could do it, what the policies say, at one moment."""

    now: datetime
    demands: Mapping[int, Demand]
    capacities: Sequence[Capacity]
    waiters: Waiters
    running: Sequence[Progress]
    latest: Sequence[Attempt]
    rules: Mapping[int, Rules]
    uses: Mapping[QuotaOwner, Mapping[Quota, Use]]
    ledger: Ledger
    pace: Pace

    def forecast(
        self,
        *,
        wanted: Collection[UUID] | None = None,
        more: Sequence[JobsInLine] = (),
        demand: Demand | None = None,
    ) -> dict[UUID, Forecast]:
        """What is to be expected of the waiting jobs, of those `wanted` at least.

        `more` are lines of jobs that nobody has asked for yet; `demand` is theirs, its key is 0.
        """
        if wanted is not None and not wanted:
            return {}
        window = window_of(self.latest, self.now).total_seconds()
        demands = {**self.demands, **({0: demand} if demand else {})}
        return forecast(
            Scene(
                lines=[self._line(each) for each in (*self.waiters.lines, *more)],
                servers=[self._server(each, demands) for each in self.capacities],
                running=occupied_by(
                    self.running, self.pace, [each.worker_id for each in self.capacities], self.now
                ),
                ledger=self.ledger,
                gates=self._gates(),
                pace=self.pace,
            ),
            asked=self._asked(window),
            window=window,
            up_to=LONGEST_LINE,
            wanted=wanted,
        )

    def hold_of(self, job: WaitingJob, demand: Demand) -> Hold | None:
        """Why the job would not be started now if a worker looked for one."""
        if job.start_at is not None:
            return Hold(HoldKind.SCHEDULED, until=job.start_at)
        candidate = job.candidate
        (capped,) = with_caps([candidate], self.rules)
        owner = owner_of(candidate, self.rules)
        return (
            hold_by_workers(self.capacities, demand, self.now)
            or hold_by_rules(
                candidate,
                self.rules[candidate.project_id],
                uses=self.uses.get(owner, {}),
                now=self.now,
            )
            or Running(each.job for each in uses_of_running(self.running)).hold(capped)
        )

    def _gates(self) -> Gates:
        uses = {
            (owner.organization_id, owner.project_id, owner.person_id): uses
            for owner, uses in self.uses.items()
        }
        return Gates(self.rules, uses, now=self.now)

    def _asked(self, window: float) -> list[Asked]:
        """What people asked for in the last `window` seconds, as far as it is known."""
        jobs = {
            job.candidate.job_id: job
            for job in (*self.waiters.jobs.values(), *_jobs_of(self.latest, self.running))
            if job.start_at is None
            and (self.now - job.candidate.queued_at).total_seconds() < window
        }
        capped = with_caps((each.candidate for each in jobs.values()), self.rules)
        return [
            Asked(
                (self.now - candidate.queued_at).total_seconds(),
                job.demand_id,
                Waiting(candidate, self.pace.seconds(candidate.model_id, job.estimate)),
            )
            for job, candidate in zip(jobs.values(), capped, strict=True)
        ]

    def _line(self, line: JobsInLine) -> WaitingLine:
        later = (line.start_at - self.now).total_seconds() if line.start_at else 0.0
        jobs = with_caps((job.candidate for job in line.jobs), self.rules)
        return WaitingLine(
            demand_id=line.demand_id,
            jobs=[
                Waiting(candidate, self.pace.seconds(candidate.model_id, job.estimate))
                for candidate, job in zip(jobs, line.jobs, strict=True)
            ],
            unread=line.unread,
            not_before=max(later, 0.0),
        )

    def _server(self, capacity: Capacity, demands: Mapping[int, Demand]) -> Server:
        able = {key: each for key, each in demands.items() if _able(capacity, each)}
        pauses = {
            each.model_version_id: capacity.paused_until(each, self.now) for each in able.values()
        }
        return Server(
            demands=frozenset(able),
            paused={
                model_id: (breaker.open_until - self.now).total_seconds()
                for model_id, breaker in pauses.items()
                if breaker and breaker.open_until
            },
            resident=capacity.worker.resident_model_id,
            passed_over=capacity.worker.passed_over_seconds,
        )


def read_situation(
    shown: Collection[GenerationJob] = (), *, owner: QuotaOwner | None = None
) -> Situation:
    """How things stand, with the jobs that are `shown` and with somebody who may ask for more."""
    now = timezone.now()
    demands = {each.pk: each for each in Demand.objects.select_related("model_version")}
    capacities = live_capacities()
    able = {
        key
        for key, demand in demands.items()
        if any(_able(capacity, demand) for capacity in capacities)
    }
    waiters = read_lines(able, demands, shown=shown)
    latest, running = latest_attempts(demands), progress_now(demands)
    known = [*waiters.jobs.values(), *_jobs_of(latest, running)]
    projects = {each.candidate.project_id for each in known}
    rules = rules_for(projects | {owner.project_id} if owner else projects)
    owners = {owner_of(each.candidate, rules) for each in known} | ({owner} if owner else set())
    return Situation(
        now=now,
        demands=demands,
        capacities=capacities,
        waiters=waiters,
        running=running,
        latest=latest,
        rules=rules,
        uses=uses_for_start(owners, rules, uses_of_running(running), now),
        ledger=read_ledger(
            {each.organization_id for each in owners},
            {(each.organization_id, each.person_id) for each in owners},
        ),
        pace=pace_of(latest),
    )


def _able(capacity: Capacity, demand: Demand) -> bool:
    """Whether the worker will do jobs of this kind, now or after the pause of their model."""
    return (
        capacity.state == WorkerState.ACTIVE
        and capacity.has(demand)
        and (demand.may_shrink or capacity.has_memory(demand))
    )


def _jobs_of(latest: Sequence[Attempt], running: Sequence[Progress]) -> list[WaitingJob]:
    return [*(attempt.job for attempt in latest), *(progress.job for progress in running)]
