"""When a model that keeps failing on a worker is left alone for a while: a circuit breaker. Pure.

There is one breaker for every slot of a worker and model. After some failures in a row it opens:
no picture of that model starts there, so that a broken GPU or a damaged file does not burn through
everybody's waiting pictures. When its time is over it is half open: one picture may try. If it
succeeds the breaker closes; if it fails the breaker opens again; if nothing is heard of it (the
worker was lost) another may try after `Rules.probe_patience`.

The caller keeps the breaker and gives the time. Whoever starts a picture does it in three steps
under one lock: `may_start`, then `starting`, then keep what that returned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

# Faults of the engine, the GPU, the model's files or the archive: the next picture would meet them
# too. Codes are those of `engines.base`, and what the worker itself reports.
FAULT_CODES = frozenset({
    "archive_failed",
    "archive_full",
    "device_unavailable",
    "engine_failure",
    "gpu_fault",
    "internal",
    "model_unavailable",
    "weights_invalid",
})  # fmt: skip


UNTIL_LET_GO = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a breaker is open that somebody has to close: nobody waits for that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When a breaker opens and for how long."""

    failures_to_open: int = 5
    open_for: timedelta = timedelta(minutes=5)
    # Longer than any picture takes: a probe that is only slow must not get company.
    probe_patience: timedelta = timedelta(minutes=15)
    fault_codes: frozenset[str] = FAULT_CODES


DEFAULT_RULES = Rules()


class BreakerState(StrEnum):
    """Whether pictures start as usual, not at all, or one to try."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What is known of a model in one slot of a worker.

    `failures` counts those in a row; `open_until` is set from the first opening to the next
    success; `probing_since` is when the picture started that tries whether it works again; `code`
    and `message` tell the last failure, for operators; `opened_count` is how often it opened since
    it last worked.
    """

    failures: int = 0
    open_until: datetime | None = None
    probing_since: datetime | None = None
    code: str = ""
    message: str = ""
    opened_count: int = 0


def is_held(breaker: Breaker) -> bool:
    """Whether the model waits there for somebody, and not for a moment."""
    return breaker.open_until == UNTIL_LET_GO


def counts(code: str, *, fault_codes: frozenset[str] = FAULT_CODES) -> bool:
    """Whether a failure speaks against the worker or the model, and not only against the picture.

    Not counted are a picture's own fault or fate (`spec_rejected`, `cancelled`, `attempt_lost`,
    `handed_back`, `access_revoked`): the next picture has another. `out_of_memory` neither: it
    says that the picture was too large for what was free, and smaller ones still succeed; five
    large wishes of one person must not stop a model for all. `worker_lost` is told of a picture
    that several workers died with, so it belongs to no slot. An unknown code does not count:
    a breaker that opens for reasons nobody thought of stops work that could be done.
    """
    return code in fault_codes


def state(breaker: Breaker, now: datetime) -> BreakerState:
    """Where the breaker stands at this moment."""
    if breaker.open_until is None:
        return BreakerState.CLOSED
    return BreakerState.OPEN if now < breaker.open_until else BreakerState.HALF_OPEN


def may_start(breaker: Breaker, *, now: datetime, rules: Rules = DEFAULT_RULES) -> bool:
    """Whether a picture may start; in a half-open breaker one at a time."""
    match state(breaker, now):
        case BreakerState.CLOSED:
            return True
        case BreakerState.OPEN:
            return False
        case BreakerState.HALF_OPEN:
            since = breaker.probing_since
            return since is None or now - since >= rules.probe_patience


def starting(breaker: Breaker, *, now: datetime, rules: Rules = DEFAULT_RULES) -> Breaker:
    """The breaker once a picture starts that `may_start` allowed; any other changes nothing."""
    if state(breaker, now) == BreakerState.HALF_OPEN and may_start(breaker, now=now, rules=rules):
        return replace(breaker, probing_since=now)
    return breaker


def after_failure(
    breaker: Breaker, *, now: datetime, code: str, message: str, rules: Rules = DEFAULT_RULES
) -> Breaker:
    """The breaker after a picture ended with an error code.

    A code that does not count only makes room for the next probe: it says nothing about whether
    the model works. A failure that comes in while it is open, from a picture that started before,
    is counted but does not prolong the pause.
    """
    if not counts(code, fault_codes=rules.fault_codes):
        return replace(breaker, probing_since=None)
    failed = replace(breaker, failures=breaker.failures + 1, code=code, message=message)
    match state(breaker, now):
        case BreakerState.OPEN:
            return failed
        case BreakerState.CLOSED if failed.failures < rules.failures_to_open:
            return failed
        case _:
            return replace(
                failed,
                open_until=now + rules.open_for,
                probing_since=None,
                opened_count=breaker.opened_count + 1,
            )


def after_success(breaker: Breaker) -> Breaker:
    """The breaker after a picture was made: closed, with nothing held against it.

    Even a picture that started before it opened shows that the model works. A breaker that holds
    nothing comes back itself, so that `is` tells whether there is anything to write.
    """
    return breaker if breaker == Breaker() else Breaker()
