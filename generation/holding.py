"""Why a waiting job does not start although a worker may be free. Pure values.

The scheduler, the claim and the pages share these: what a page says is what the claim decided by.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from generation.quotas import Exceeded


class HoldKind(StrEnum):
    """What a job waits for, beyond its turn."""

    SCHEDULED = "scheduled"  # the time that its maker chose
    OWN_RUNNING = "own_running"  # pictures of the same person, in this project or organization
    TEAM_RUNNING = "team_running"  # pictures of everybody in the project or organization
    PEOPLE_RUNNING = "people_running"  # as many people as may be served at once
    CLOSED = "closed"  # the working hours
    QUOTA = "quota"  # a quota that starts anew
    MODEL_NOT_ALLOWED = "model_not_allowed"  # an admin has to allow the model again
    PAUSED = "paused"  # a circuit breaker, or an operator
    MEMORY = "memory"  # a worker with enough memory for this size
    NO_WORKER = "no_worker"  # a worker that has this model


@dataclass(frozen=True, slots=True)
class Hold:
    """Why one job is held back.

    `count` says how many run (for the three caps) or the side in pixels that is needed (memory).
    `until` is when the reason ends by itself, where that is known.
    """

    kind: HoldKind
    count: int = 0
    until: datetime | None = None
    quota: Exceeded | None = None
    code: str = ""
