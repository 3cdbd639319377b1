"""What asking for pictures would cost and when they would come, before it is done.

A job that nobody has asked for yet is put into the line and the forecast is asked about it, so that
the form tells the same as the tile of the waiting picture will.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.errors import InvalidInput, LimitExceeded
from accounts.models import Project
from generation.admission import check_may_ask
from generation.demands import position_at
from generation.ledgers import estimate_seconds
from generation.limits import Rules
from generation.models import Demand, ModelVersion
from generation.queries.lines import JobsInLine, WaitingJob
from generation.queries.places import Place, place_in
from generation.queries.situation import Situation, read_situation
from generation.queries.usage import QuotaOwner, uses_with_reserved
from generation.quotas import Quota, Unit
from generation.scheduling import Candidate
from generation.tiers import side_needed
from generation.types import ImageAsk, WorkerState


@dataclass(frozen=True, slots=True)
class QuotaShare:
    """How much of what is left of a quota an ask would use, from 0 to 1."""

    quota: Quota
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is to be expected of an ask.

    `seconds` are those of the GPU for all pictures. `first` and `last` are the places of the first
    and the last one. `refusal` says why the ask would be refused now, else it is empty. `tightest`
    is the quota that the ask uses most of. `room` is the side in pixels that the memory of some
    worker allows for the model now; `None` where nothing limits it, or no worker is there.
    `memory_matters` says whether any worker has told about its memory. `shrinks` says whether the
    pictures will be made smaller if they do not fit.
    """

    ask: ImageAsk
    seconds: float
    first: Place
    last: Place
    refusal: str
    tightest: QuotaShare | None
    room: int | None
    memory_matters: bool
    shrinks: bool

    @property
    def is_too_large(self) -> bool:
        """Whether the pictures do not fit into the memory of any worker now."""
        return not self.fits(self.ask.width, self.ask.height)

    def fits(self, width: int, height: int) -> bool:
        """Whether pictures of this size would fit into the memory of some worker now."""
        return self.room is None or side_needed(width, height) <= self.room


def estimate(*, person_id: int, project: Project, model: ModelVersion, ask: ImageAsk) -> Estimate:
    """What would become of the ask if the person sent it now; a constant number of queries."""
    owner = QuotaOwner(
        project.organization_id, project.pk, person_id, project.organization.time_zone
    )
    situation = read_situation(owner=owner)
    rules = situation.rules[project.pk]
    seconds = estimate_seconds(model, ask)
    shrinks = ask.may_shrink or rules.limits.shrinks
    demand = Demand(
        model_version=model, side=side_needed(ask.width, ask.height), may_shrink=shrinks
    )
    later = ask.start_at if ask.start_at and ask.start_at > situation.now else None
    line = _line(owner, ask, demand, now=situation.now, seconds=seconds, start_at=later)
    forecasts = situation.forecast(
        wanted={job.candidate.job_id for job in line.jobs}, more=[line], demand=demand
    )
    first, last = line.jobs[0], line.jobs[-1]
    return Estimate(
        ask=ask,
        seconds=ask.count * seconds,
        first=place_in(situation, first, demand, forecasts.get(first.candidate.job_id)),
        last=place_in(situation, last, demand, forecasts.get(last.candidate.job_id)),
        refusal=_refusal(person_id, project, rules, model, ask),
        tightest=_tightest(owner, rules, ask.count, ask.count * seconds, situation.now),
        room=_room(situation, demand),
        memory_matters=any(
            each.worker.available_bytes is not None for each in situation.capacities
        ),
        shrinks=shrinks,
    )


def _line(
    owner: QuotaOwner,
    ask: ImageAsk,
    demand: Demand,
    *,
    now: datetime,
    seconds: float,
    start_at: datetime | None,
) -> JobsInLine:
    """The jobs as they would stand at the end of the person's line."""
    jobs = [
        WaitingJob(
            Candidate(
                job_id=UUID(int=2**126 + index),
                organization_id=owner.organization_id,
                person_id=owner.person_id,
                project_id=owner.project_id,
                queued_at=now,
                seconds=seconds,
                lane=ask.lane,
                position=position_at(now),
                model_id=demand.model_version_id,
                side=demand.side,
            ),
            demand_id=0,
            estimate=seconds,
            place=(index,),
            start_at=start_at,
        )
        for index in range(ask.count)
    ]
    return JobsInLine(0, jobs, start_at=start_at)


def _refusal(
    person_id: int, project: Project, rules: Rules, model: ModelVersion, ask: ImageAsk
) -> str:
    try:
        check_may_ask(person_id=person_id, project=project, rules=rules, model=model, ask=ask)
    except (InvalidInput, LimitExceeded) as error:
        return error.sentence
    return ""


def _tightest(
    owner: QuotaOwner, rules: Rules, images: int, seconds: float, now: datetime
) -> QuotaShare | None:
    shares = []
    for quota, use in uses_with_reserved(owner, rules.quotas, now=now).items():
        left = quota.most - use.used - use.reserved
        asked = images if quota.unit == Unit.IMAGES else seconds
        shares.append(QuotaShare(quota, asked / left if left > 0 else math.inf))
    return max(shares, key=lambda each: each.share, default=None)


def _room(situation: Situation, demand: Demand) -> int | None:
    sides = [
        each.largest_side(demand)
        for each in situation.capacities
        if each.state == WorkerState.ACTIVE and each.has(demand)
    ]
    known = [side for side in sides if side is not None]
    return max(known) if known and len(known) == len(sides) else None
