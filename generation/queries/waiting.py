"""Who waits, who runs: what the scheduler needs to know.

The number of queries is constant, and their cost grows with the number of people who wait, not with
the number of their jobs: a claim is as quick with a hundred thousand waiting jobs as with ten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from accounts.models import Project
from generation.ledgers import read_ledger
from generation.limits import Rules
from generation.models import Demand, GenerationJob
from generation.policies import hold_by_rules
from generation.queries.limits import rules_for
from generation.queries.stepping import heads_query, people_query
from generation.queries.usage import QuotaOwner, uses_of
from generation.queries.workers import Capacity, demands_that_can_start
from generation.quotas import Quota, Scope, Unit, Use, Who
from generation.scheduling import (
    Candidate,
    Ledger,
    Running,
    RunningJob,
    in_order,
    with_affinity,
)
from generation.types import WAITING, JobLane, JobStatus

CANDIDATE_COLUMNS = (
    "pk",
    "project__organization_id",
    "created_by_id",
    "project_id",
    "queued_at",
    "estimated_seconds",
    "lane",
    "priority",
    "position",
    "demand__model_version_id",
    "demand__side",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is at one worker: the order in which it tries them, and the fair one."""

    order: Sequence[Candidate]
    fair_order: Sequence[Candidate]
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class RunningUse:
    """A running job, and the seconds that it is estimated to take."""

    job: RunningJob
    seconds: float


def turn_of(capacity: Capacity, now: datetime) -> Turn:
    """The waiting jobs that the worker could start now, the next one first.

    Only the first waiting job of each person in each project, lane and kind of demand is looked at.
    """
    demands = demands_that_can_start(capacity, now)
    heads = first_of_everybody(demands)
    if not heads:
        return Turn([], [], Ledger())
    rules = rules_for({each.project_id for each in heads})
    running = running_now()
    held = _held(heads, rules, running, now)
    startable = with_caps((each for each in heads if each not in held), rules)
    ledger = ledger_of(startable)
    order = in_order(startable, running=Running(each.job for each in running), ledger=ledger)
    ahead = with_affinity(
        order,
        resident=capacity.worker.resident_model_id,
        passed_over=capacity.worker.passed_over_seconds,
    )
    return Turn(ahead, order, ledger)


def first_of_everybody(demands: Collection[int]) -> list[Candidate]:
    """The first waiting job of each person in each project, lane and one of these demands.

    They come without caps; `with_caps` adds those.
    """
    heads = _head_ids(demands)
    if not heads:
        return []
    waiting = GenerationJob.objects.filter(pk__in=heads, status=JobStatus.QUEUED)
    return as_candidates(waiting.values_list(*CANDIDATE_COLUMNS))


def as_candidates(rows: Iterable[Any]) -> list[Candidate]:
    """Rows of `CANDIDATE_COLUMNS` as the scheduler knows them, without caps."""
    return [
        Candidate(
            job_id=job_id,
            organization_id=organization_id,
            person_id=person_id,
            project_id=project_id,
            queued_at=queued_at,
            seconds=seconds,
            lane=JobLane(lane),
            priority=priority,
            position=position,
            model_id=model_id or 0,
            side=side or 0,
        )
        for (
            job_id,
            organization_id,
            person_id,
            project_id,
            queued_at,
            seconds,
            lane,
            priority,
            position,
            model_id,
            side,
        ) in rows
    ]


def with_caps(candidates: Iterable[Candidate], rules: Mapping[int, Rules]) -> list[Candidate]:
    """The candidates with what may run at once where they are."""
    return [
        replace(
            each,
            project_caps=rules[each.project_id].project_caps,
            organization_caps=rules[each.project_id].organization_caps,
        )
        for each in candidates
    ]


def ledger_of(candidates: Iterable[Candidate]) -> Ledger:
    """The accounts of the candidates' owners."""
    owners = {(each.organization_id, each.person_id) for each in candidates}
    return read_ledger({organization for organization, _person in owners}, owners)


def running_now() -> list[RunningUse]:
    """The jobs that run, the one that began first at the front."""
    running = GenerationJob.objects.filter(status=JobStatus.RUNNING).order_by("started_at")
    rows = running.values_list(
        "created_by_id", "project_id", "project__organization_id", "estimated_seconds"
    )
    return [RunningUse(RunningJob(*whose), seconds) for *whose, seconds in rows]


def uses_for_start(
    owners: Collection[QuotaOwner],
    rules: Mapping[int, Rules],
    running: Iterable[RunningUse],
    now: datetime,
) -> dict[QuotaOwner, dict[Quota, Use]]:
    """What each owner has used of their quotas, what runs for them included.

    One query; none where nobody has a quota.
    """
    wanted = {owner: rules[owner.project_id].quotas for owner in owners}
    running = list(running)
    uses: dict[QuotaOwner, dict[Quota, Use]] = {owner: {} for owner in owners}
    for (owner, quota), use in uses_of(wanted, now=now).items():
        runs = sum(
            1 if quota.unit == Unit.IMAGES else each.seconds
            for each in running
            if _counts(each.job, owner, quota)
        )
        uses[owner][quota] = Use(used=use.used + runs, reserved=0.0)
    return uses


def owner_of(candidate: Candidate, rules: Mapping[int, Rules]) -> QuotaOwner:
    """Whose quotas a candidate draws on."""
    return QuotaOwner(
        candidate.organization_id,
        candidate.project_id,
        candidate.person_id,
        rules[candidate.project_id].time_zone,
    )


def waiting_count(*, up_to: int) -> int:
    """How many jobs wait, of everybody; counting stops at `up_to`."""
    return GenerationJob.objects.filter(status=JobStatus.QUEUED)[:up_to].count()


def waiting_of(person_id: int, project: Project) -> tuple[int, int]:
    """How many jobs of the person wait in the project, and in all of its organization.

    Those that are scheduled are among them.
    """
    jobs = GenerationJob.objects.filter(
        status__in=sorted(WAITING),
        created_by_id=person_id,
        project__organization_id=project.organization_id,
    )
    counts = jobs.aggregate(here=Count("pk", filter=Q(project=project)), everywhere=Count("pk"))
    return counts["here"], counts["everywhere"]


def people_waiting() -> list[int]:
    """Everybody who has a job waiting; their places change whenever one starts."""
    with connection.cursor() as cursor:
        cursor.execute(people_query())
        return [person_id for (person_id,) in cursor.fetchall()]


def _held(
    heads: Sequence[Candidate],
    rules: Mapping[int, Rules],
    running: Sequence[RunningUse],
    now: datetime,
) -> set[Candidate]:
    """Those that the policies hold back now: working hours, quotas, models."""
    closed = {each for each, rule in rules.items() if not rule.limits.is_open(now)}
    waiting = [each for each in heads if each.project_id not in closed]
    uses = uses_for_start({owner_of(each, rules) for each in waiting}, rules, running, now)
    return {each for each in heads if each.project_id in closed} | {
        each
        for each in waiting
        if hold_by_rules(each, rules[each.project_id], uses=uses[owner_of(each, rules)], now=now)
    }


def _counts(job: RunningJob, owner: QuotaOwner, quota: Quota) -> bool:
    """Whether the running job draws on the owner's quota."""
    if quota.scope == Scope.PROJECT and job.project_id != owner.project_id:
        return False
    if quota.who == Who.PERSON and job.person_id != owner.person_id:
        return False
    return job.organization_id == owner.organization_id


def _head_ids(demands: Collection[int]) -> list[UUID | str]:
    if not demands:
        return []
    with connection.cursor() as cursor:
        cursor.execute(heads_query(len(demands)), list(demands))
        return [job_id for row in cursor.fetchall() for job_id in row if job_id is not None]


def explain_heads() -> str:
    """How the database finds the first job of everybody, for benchmarks and tests."""
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    demands = list(Demand.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(prefix + heads_query(len(demands)), demands)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
