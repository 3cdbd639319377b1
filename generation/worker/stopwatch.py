"""How long the jobs of a worker have been running, whatever the clock on the wall says.

A clock that is set an hour ahead must not end every picture that is being drawn, and one that is
set back must not let a hanging one go on. So the time is counted here, from the moment at which an
attempt was first seen; a job that was claimed ahead counts anew when its drawing begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class RunningAttempt(NamedTuple):
    """One attempt at a job; `started_at` is what its row says."""

    job_id: UUID
    token: UUID | None
    started_at: datetime | None


class Stopwatch:
    """Knows which attempts run for longer than `limit` seconds of its caller's clock."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._seen: dict[RunningAttempt, float] = {}

    def over_time(self, running: Iterable[RunningAttempt], now: float) -> list[UUID]:
        """The jobs among those that run now which have been running for too long."""
        self._seen = {each: self._seen.get(each, now) for each in running}
        return [each.job_id for each, since in self._seen.items() if now - since > self._limit]
