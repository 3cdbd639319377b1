"""Which waiting job is next. Pure: the database tells who waits, this module decides.

**The rule** is start-time fair queuing over GPU seconds, in two levels. Organizations share the
GPUs in proportion to their weights; inside an organization its people do. Each of them has an
account: `finish` is the point of virtual time up to which they have been served. Somebody who
comes back after a pause starts at the present (`clock`), so that nobody saves up time by not using
it, and nobody is punished for having used an idle GPU. Who starts earliest in virtual time is next;
a started job moves its owner's `finish` on by its estimated GPU seconds divided by the weight, and
the estimate is corrected when the job has ended.

Before that: nothing starts that would pass a cap on what runs at once (`limits.Caps`); work in the
background lane waits until nobody has interactive work that could start, and work that waits for
an idle GPU until there is no other. Inside an organization a job with a priority passes those of
its own people without; the share of another organization is not its admins' to take.

**Affinity.** To change its model costs a worker seconds in which it draws nothing. So it may serve
the first job of its present model before the one whose turn it is, until it has served
`AFFINITY_SECONDS` out of turn; then it changes (`with_affinity`).

**The bound.** Let somebody who has had nothing so far ask for a picture while others, who have had
something, hold any number of waiting jobs of the same lane and priority. They start at the present,
which is no later than the start of anybody who has been waiting, and among equals the one who was
served less comes first: so their first job is the next to start inside their organization, as soon
as the first of the running jobs has ended; and where it needs another model, at most
`AFFINITY_SECONDS` of GPU time later. Over time, two people of equal weight who always have work
waiting differ in service by no more than the sum of the largest job of each (the bound of
start-time fair queuing for one server), and by AFFINITY_SECONDS more if they use different models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Self
from uuid import UUID

from generation.holding import Hold, HoldKind
from generation.limits import NO_CAPS, Caps
from generation.types import JobLane

AFFINITY_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The first waiting job of one person in one project, lane and kind of demand.

    `seconds` is what it is estimated to take of a GPU. `position` is its place in its maker's own
    line: of two that are equal otherwise the smaller one is first.
    """

    job_id: UUID
    organization_id: int
    person_id: int
    project_id: int
    queued_at: datetime
    seconds: float
    lane: JobLane = JobLane.INTERACTIVE
    priority: int = 0
    position: int = 0
    model_id: int = 0
    side: int = 0
    project_caps: Caps = NO_CAPS
    organization_caps: Caps = NO_CAPS


class RunningJob(NamedTuple):
    """Whose a running job is, and where."""

    person_id: int
    project_id: int
    organization_id: int


class Running:
    """How much runs now, counted as caps count it."""

    def __init__(self, jobs: Iterable[RunningJob] = ()) -> None:
        self._of_person: Counter[tuple[str, int, int]] = Counter()
        self._of_all: Counter[tuple[str, int]] = Counter()
        self._people: Counter[tuple[str, int]] = Counter()
        for job in jobs:
            self.add(job)

    @classmethod
    def of(cls, counts: dict[RunningJob, int]) -> Self:
        """From how many run of each."""
        return cls(job for job, count in counts.items() for _ in range(count))

    def add(self, job: RunningJob) -> None:
        """One more has started."""
        for scope in _scopes(job.project_id, job.organization_id):
            self._people[scope] += not self._of_person[*scope, job.person_id]
            self._of_person[*scope, job.person_id] += 1
            self._of_all[scope] += 1

    def remove(self, job: RunningJob) -> None:
        """One has ended."""
        for scope in _scopes(job.project_id, job.organization_id):
            self._of_person[*scope, job.person_id] -= 1
            self._of_all[scope] -= 1
            self._people[scope] -= not self._of_person[*scope, job.person_id]

    def hold(self, candidate: Candidate) -> Hold | None:
        """Which cap the candidate would pass if it started now, and how many run already."""
        scopes = _scopes(candidate.project_id, candidate.organization_id)
        for scope, caps in zip(
            scopes, (candidate.project_caps, candidate.organization_caps), strict=True
        ):
            own, all_, people = (
                self._of_person[*scope, candidate.person_id],
                self._of_all[scope],
                self._people[scope],
            )
            if caps.per_person is not None and own >= caps.per_person:
                return Hold(HoldKind.OWN_RUNNING, own)
            if caps.everybody is not None and all_ >= caps.everybody:
                return Hold(HoldKind.TEAM_RUNNING, all_)
            if caps.people is not None and not own and people >= caps.people:
                return Hold(HoldKind.PEOPLE_RUNNING, people)
        return None


def _scopes(project_id: int, organization_id: int) -> tuple[tuple[str, int], tuple[str, int]]:
    return ("project", project_id), ("organization", organization_id)


@dataclass(slots=True)
class Account:
    """How far somebody has been served, in virtual GPU seconds.

    `clock` is the present of those inside: the people of an organization.
    """

    finish: float = 0.0
    clock: float = 0.0
    weight: float = 1.0


@dataclass(slots=True)
class Ledger:
    """The accounts of all organizations and of their people; `clock` is the present of the site."""

    clock: float = 0.0
    organizations: dict[int, Account] = field(default_factory=dict)
    people: dict[tuple[int, int], Account] = field(default_factory=dict)

    def organization(self, organization_id: int) -> Account:
        """The account of an organization; a new one has not been served."""
        return self.organizations.setdefault(organization_id, Account())

    def person(self, organization_id: int, person_id: int) -> Account:
        """The account of a person inside an organization; a new one has not been served."""
        return self.people.setdefault((organization_id, person_id), Account())

    def start_of(self, candidate: Candidate) -> tuple[float, float, float, float]:
        """When the candidate would start, in virtual time, and how far its owners were served.

        Organization before person; less served comes first where the starts are equal.
        """
        organization = self.organization(candidate.organization_id)
        person = self.person(candidate.organization_id, candidate.person_id)
        return (
            max(self.clock, organization.finish),
            organization.finish,
            max(organization.clock, person.finish),
            person.finish,
        )

    def charge(self, candidate: Candidate) -> None:
        """The candidate starts: its owners pay the estimate, and the present moves to its start."""
        organization = self.organization(candidate.organization_id)
        person = self.person(candidate.organization_id, candidate.person_id)
        self.clock = max(self.clock, organization.finish)
        organization.clock = max(organization.clock, person.finish)
        organization.finish = self.clock + candidate.seconds / organization.weight
        person.finish = organization.clock + candidate.seconds / person.weight

    def correct(self, organization_id: int, person_id: int, *, seconds: float) -> None:
        """A job took this much longer (or, below zero, shorter) than was charged."""
        for account in (
            self.organization(organization_id),
            self.person(organization_id, person_id),
        ):
            account.finish = max(0.0, account.finish + seconds / account.weight)


def in_order(
    candidates: Iterable[Candidate], *, running: Running, ledger: Ledger
) -> list[Candidate]:
    """The candidates that may start now, the next one first."""
    allowed = [each for each in candidates if running.hold(each) is None]
    lane = min((each.lane for each in allowed), default=JobLane.INTERACTIVE)

    def turn(each: Candidate) -> tuple[object, ...]:
        organization_start, organization_served, *person = ledger.start_of(each)
        return (
            organization_start,
            organization_served,
            -each.priority,
            *person,
            each.position,
            each.queued_at,
            each.job_id,
        )

    return sorted((each for each in allowed if each.lane == lane), key=turn)


def with_affinity(
    order: Sequence[Candidate], *, resident: int | None, passed_over: float
) -> list[Candidate]:
    """The order as a worker follows it that has the model `resident` in memory.

    `passed_over` is how many seconds it has served out of turn since it last changed its model;
    the first job of its model goes ahead while that stays within `AFFINITY_SECONDS`.
    """
    for each in order[:1]:
        if each.model_id == resident:
            return list(order)
        for ahead in order:
            if ahead.priority > each.priority:
                break
            if ahead.model_id != resident or ahead.priority != each.priority:
                continue
            if passed_over + ahead.seconds > AFFINITY_SECONDS:
                break
            return [ahead, *(other for other in order if other is not ahead)]
    return list(order)


def passed_over_after(
    chosen: Candidate, order: Sequence[Candidate], *, resident: int | None, passed_over: float
) -> float:
    """The seconds served out of turn once `chosen` starts, where `order` is the fair one."""
    if chosen.model_id != resident:
        return 0.0
    return passed_over + (chosen.seconds if order and chosen is not order[0] else 0.0)
