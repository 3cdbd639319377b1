"""When the picture that is being drawn will end. Pure: it is told what the engine reports.

The next job is chosen as late as possible, because the choice is only as fair as what is known at
the time; but early enough to be there when the GPU is free.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from generation.engines.base import Phase, Progress

LEAD_SECONDS = 0.1
"""A claim takes some milliseconds, and longer while others write: this is enough for it."""


@dataclass(slots=True)
class Foresight:
    """Knows from when on the next job should be claimed, in seconds of the caller's clock.

    `estimate` is what the picture should take, `started` when its drawing began. The estimate
    counts until the engine's own steps tell better. While a model is loading nothing is known: it
    takes minutes that no estimate contains.
    """

    estimate: float
    started: float
    lead: float = LEAD_SECONDS
    _denoising_since: float = field(default=math.inf, init=False)
    _claim_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._claim_at = self.started + self.estimate - self.lead

    @property
    def claim_at(self) -> float:
        """The moment; infinite while it cannot be told."""
        return self._claim_at

    def see(self, progress: Progress, now: float) -> None:
        """The engine reported `progress` at the moment `now`."""
        match progress.phase:
            case Phase.LOADING:
                self._claim_at = math.inf
            case Phase.ENCODING:
                if math.isinf(self._claim_at):  # the model is there: now the estimate counts
                    self._claim_at = now + self.estimate - self.lead
            case Phase.DENOISING:
                self._see_step(progress, now)
            case Phase.DECODING | Phase.SAVING:
                self._claim_at = min(self._claim_at, now)

    def _see_step(self, progress: Progress, now: float) -> None:
        left = progress.steps - progress.step
        if left <= 1:  # the last step begins
            self._claim_at = min(self._claim_at, now)
        elif progress.step == 0:
            self._denoising_since = now
            if math.isinf(self._claim_at):
                self._claim_at = now + self.estimate - self.lead
        elif now > self._denoising_since:
            pace = (now - self._denoising_since) / progress.step
            self._claim_at = now + left * pace - max(self.lead, pace)
