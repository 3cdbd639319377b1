"""Why a waiting job does not start now: decided by the same functions as the claim."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from generation.breaking import Breaker
from generation.holding import Hold, HoldKind
from generation.models import Demand
from generation.queries.workers import Capacity
from generation.types import WorkerState


def hold_by_workers(capacities: Collection[Capacity], demand: Demand, now: datetime) -> Hold | None:
    """Why none of the workers that are there could start a job of this kind; `None` if one could.

    A pause by an operator has neither a code nor an end; that of a circuit breaker has the code of
    the failures, how many they were and, unless the model is being tried again, an end.
    """
    having = [each for each in capacities if each.has(demand)]
    if any(each.can_start(demand, now) for each in having):
        return None
    if not having:
        return Hold(HoldKind.NO_WORKER)
    active = [each for each in having if each.state == WorkerState.ACTIVE]
    if not active:
        return Hold(HoldKind.PAUSED)
    roomy = [each for each in active if demand.may_shrink or each.has_memory(demand)]
    if not roomy:
        return Hold(HoldKind.MEMORY, demand.side)
    paused = [each.paused_until(demand, now) for each in roomy]
    return _pause(min((each for each in paused if each), key=_end), now)


def _pause(breaker: Breaker, now: datetime) -> Hold:
    over = breaker.open_until is None or breaker.open_until <= now
    return Hold(
        HoldKind.PAUSED,
        breaker.failures,
        until=None if over else breaker.open_until,
        code=breaker.code,
    )


def _end(breaker: Breaker) -> float:
    return breaker.open_until.timestamp() if breaker.open_until else 0.0
