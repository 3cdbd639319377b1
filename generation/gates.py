"""From when on the policies let a waiting job start, as time goes on. Pure.

`policies.hold_by_rules` says whether a job may start at this moment. A forecast asks the same of
moments to come: the working hours have begun, a quota has started anew or is used up by then.
Moments are seconds from the present; `math.inf` is never.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from generation.limits import Limits, Rules
from generation.quotas import TOLERANCE, Quota, Scope, Unit, Use, Who, resets_at
from generation.scheduling import Candidate

# Hours and quotas take turns in pushing a start back; each time at least to another day.
MOST_ROUNDS = 40


class Gate:
    """What the jobs of one person in one project have to pass."""

    def __init__(self, limits: Limits, hours: _Hours, meters: Sequence[_Meter]) -> None:
        self._limits = limits
        self._hours = hours
        self._meters = meters

    @property
    def is_always_open(self) -> bool:
        """Whether nothing but the choice of the model can ever be in the way."""
        return not self._meters and not self._limits.hours

    def opens(self, candidate: Candidate, at: float) -> float:
        """The first moment from `at` on at which the candidate may start."""
        if not self._limits.allows_model(candidate.model_id):
            return math.inf
        for _round in range(MOST_ROUNDS):
            later = self._hours.opens(at)
            for meter in self._meters:
                later = max(later, meter.opens(candidate.seconds, later))
            if later == at or math.isinf(later):
                return later
            at = later
        return math.inf

    def pass_through(self, candidate: Candidate, at: float) -> None:
        """The candidate starts at this moment; moments never go back."""
        for meter in self._meters:
            meter.add(candidate.seconds, at)


class Gates:
    """The gates of everybody; quotas that several share are counted once for all of them."""

    def __init__(
        self,
        rules: Mapping[int, Rules],
        uses: Mapping[tuple[int, int, int], Mapping[Quota, Use]],
        *,
        now: datetime,
        hours: dict[int, _Hours] | None = None,
    ) -> None:
        """`rules` are by project; `uses` by organization, project and person.

        `hours` may come from other gates of the same rules.
        """
        self._rules = rules
        self._uses = uses
        self._now = now
        self._hours: dict[int, _Hours] = {} if hours is None else hours
        self._meters: dict[tuple[Quota, int, int], _Meter] = {}
        self._gates: dict[tuple[int, int, int], Gate] = {}

    def anew(self) -> Gates:
        """The same gates, through which nobody has passed yet."""
        return Gates(self._rules, self._uses, now=self._now, hours=self._hours)

    def of(self, candidate: Candidate) -> Gate:
        """What the candidate has to pass."""
        owner = candidate.organization_id, candidate.project_id, candidate.person_id
        if owner not in self._gates:
            rules = self._rules[candidate.project_id]
            self._gates[owner] = Gate(
                rules.limits,
                self._hours.setdefault(candidate.project_id, _Hours(rules.limits, self._now)),
                [self._meter(quota, owner, rules.time_zone) for quota in rules.quotas],
            )
        return self._gates[owner]

    def _meter(self, quota: Quota, owner: tuple[int, int, int], time_zone: str) -> _Meter:
        organization_id, project_id, person_id = owner
        key = (
            quota,
            project_id if quota.scope == Scope.PROJECT else organization_id,
            person_id if quota.who == Who.PERSON else 0,
        )
        if key not in self._meters:
            used = self._uses.get(owner, {}).get(quota, Use()).used
            self._meters[key] = _Meter(quota, used, now=self._now, time_zone=time_zone)
        return self._meters[key]


class _Hours:
    """The working hours; remembers the open stretch that it looked up last."""

    def __init__(self, limits: Limits, now: datetime) -> None:
        self._limits = limits
        self._now = now
        self._asked = self._opens = 0.0
        self._closes = math.inf if not limits.hours else -math.inf

    def opens(self, at: float) -> float:
        if self._asked <= at < self._closes:
            return max(at, self._opens)
        moment = self._now + timedelta(seconds=at)
        opening = self._limits.opens_at(moment)
        if opening is None:
            return math.inf
        closings = [hours.closes_at(opening) for hours in self._limits.hours]
        self._asked = at
        self._opens = at if opening == moment else self._seconds(opening)
        self._closes = min((self._seconds(each) for each in closings if each), default=math.inf)
        return self._opens

    def _seconds(self, moment: datetime) -> float:
        return (moment - self._now).total_seconds()


class _Meter:
    """How much of one quota is used, with what a forecast has started since."""

    def __init__(self, quota: Quota, used: float, *, now: datetime, time_zone: str) -> None:
        self._quota = quota
        self._used = used
        self._now = now
        self._time_zone = time_zone
        self._resets = self._next_reset(0.0)

    def opens(self, seconds: float, at: float) -> float:
        asked = self._asked(seconds)
        if asked > self._quota.most + TOLERANCE:
            return math.inf
        if at >= self._resets or self._used + asked <= self._quota.most + TOLERANCE:
            return at
        return self._resets

    def add(self, seconds: float, at: float) -> None:
        if at >= self._resets:
            self._used = 0.0
            self._resets = self._next_reset(at)
        self._used += self._asked(seconds)

    def _asked(self, seconds: float) -> float:
        return 1.0 if self._quota.unit == Unit.IMAGES else seconds

    def _next_reset(self, at: float) -> float:
        moment = self._now + timedelta(seconds=at)
        reset = resets_at(self._quota.period, moment, self._time_zone)
        return (reset - self._now).total_seconds()
