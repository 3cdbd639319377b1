"""Which waiting job is next. Pure: the database tells who waits, this module decides.

**The rule** is start-time fair queuing over GPU seconds, in two levels. Organizations share the
GPUs in proportion to their weights; inside an organization its people do. Each of them has an
account: `finish` is the point of virtual time up to which they have been served. Somebody who
comes back after a pause starts at the present (`clock`), so that nobody saves up time by not using
it, and nobody is punished for having used an idle GPU. Who starts earliest in virtual time is next;
a started job moves its owner's `finish` on by its estimated GPU seconds divided by the weight, and
the estimate is corrected when the job has ended.

Before that: nobody runs more than their project's policy lets them at once; a job with a priority
passes those without; and work in the background lane waits until nobody has interactive work that
could start.

**The bound.** Let somebody who has had nothing so far ask for a picture while others, who have had
something, hold any number of waiting jobs of the same lane and priority. They start at the present,
which is no later than the start of anybody who has been waiting, and among equals the one who was
served less comes first: so their first job is the next to start inside their organization, as soon
as the first of the running jobs has ended. Over time, two people of equal weight who always have
work waiting differ in service by no more than the sum of the largest job of each (the bound of
start-time fair queuing for one server).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from generation.types import JobLane


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The first waiting job of one person in one project and lane.

    `seconds` is what it is estimated to take of a GPU.
    """

    job_id: UUID
    organization_id: int
    person_id: int
    project_id: int
    queued_at: datetime
    seconds: float
    lane: JobLane = JobLane.INTERACTIVE
    priority: int = 0
    max_running_per_person: int = 2


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
    candidates: Iterable[Candidate],
    *,
    running: Mapping[tuple[int, int], int],
    ledger: Ledger,
) -> list[Candidate]:
    """The candidates that may start now, the next one first.

    `running` counts running jobs by (person, project).
    """
    allowed = list(_below_their_cap(candidates, running))
    lane = min((each.lane for each in allowed), default=JobLane.INTERACTIVE)
    return sorted(
        (each for each in allowed if each.lane == lane),
        key=lambda each: (-each.priority, *ledger.start_of(each), each.queued_at, each.job_id),
    )


def _below_their_cap(
    candidates: Iterable[Candidate], running: Mapping[tuple[int, int], int]
) -> Iterator[Candidate]:
    for each in candidates:
        if running.get((each.person_id, each.project_id), 0) < each.max_running_per_person:
            yield each
