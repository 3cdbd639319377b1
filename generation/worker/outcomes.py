"""What became of a claim, on its way from the drawing thread to the finisher.

Plain values: an exception would carry its traceback along, and with it the frames in which the
engine's tensors live.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from generation.actions.running import Claim
from generation.engines.base import DeviceMemory, EngineResult


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture is there and has to be archived. `memory` is what the GPU has after it."""

    claim: Claim
    result: EngineResult
    memory: DeviceMemory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """There is no picture, for a reason that the job's owner is told. See `fail_attempt`."""

    claim: Claim
    code: str
    message: str
    retryable: bool = False
    fatal: bool = False


class Why(Enum):
    """Why a drawing was given up without anybody having failed."""

    CANCELLED = auto()
    HANDED_BACK = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The drawing was stopped, or never begun."""

    claim: Claim
    why: Why


Outcome = Drawn | Failed | GivenUp
