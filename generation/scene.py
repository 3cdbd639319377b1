"""Who waits, who runs, who could do it: what a forecast begins with. Plain values.

Times are in seconds from the present.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generation.gates import Gates
from generation.pacing import Pace, Spread
from generation.scheduling import Candidate, Ledger, RunningJob


@dataclass(frozen=True, slots=True)
class Waiting:
    """A waiting job, and how long it will keep a worker that has its model loaded."""

    candidate: Candidate
    takes: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """The waiting jobs of one person in one project, lane and kind of demand, in their order.

    `unread` is how many more there are, which nobody looked at: they are taken to be like the last
    one. Jobs with a time to start are a line of their own until then (`not_before`, in seconds).
    """

    demand_id: int
    jobs: Sequence[Waiting]
    unread: int = 0
    not_before: float = 0.0


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A job that nobody has asked for yet but somebody probably will, so many seconds from now."""

    at: float
    demand_id: int
    job: Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A worker: the kinds of demands it can do, and models that are paused there until a time."""

    demands: frozenset[int]
    paused: Mapping[int, float] = field(default_factory=dict)
    resident: int | None = None
    passed_over: float = 0.0


@dataclass(frozen=True, slots=True)
class Occupied:
    """A running job, when it ends, and on which of the servers (`None`: on one that is gone)."""

    job: RunningJob
    ends: Spread
    server: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the play begins with; nothing of it is changed."""

    lines: Sequence[WaitingLine]
    servers: Sequence[Server]
    running: Sequence[Occupied] = ()
    ledger: Ledger
    gates: Gates
    pace: Pace
