"""How long pictures really keep a worker, measured against what was estimated. Pure.

An estimate counts the work (`generation.costing`). What a picture takes of a worker's time is more:
reading, saving, a slow disk. So the latest finished pictures are compared with what would be
estimated for them now: of those of the same model, the `NEAREST` in size tell how much longer (or
shorter) a picture of that size takes, and how much that varies.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NEAREST = 15
# Fewer measurements tell a middle, but not how far they spread.
FEWEST = 5
# Until a model was measured here, in loadings and in seconds.
UNMEASURED_CHANGE_SECONDS = 10.0


class Spread(NamedTuple):
    """Something that nobody knows exactly: nine of ten are above `early`, nine below `late`."""

    early: float
    likely: float
    late: float

    def times(self, factor: float) -> Spread:
        """All three, so many times."""
        return Spread(self.early * factor, self.likely * factor, self.late * factor)

    def later(self, seconds: float) -> Spread:
        """All three, so much later; nothing is before the present."""
        return Spread(*(max(each + seconds, 0.0) for each in self))


# Of an estimate, until pictures were measured.
UNMEASURED = Spread(0.7, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Finished:
    """One picture that was made.

    `estimate` is what it would be estimated at now, `seconds` how long it kept its worker.
    `changed_model` says whether the worker had to load another model for it.
    """

    model_id: int
    estimate: float
    seconds: float
    changed_model: bool = False


class Pace:
    """What the latest finished pictures tell about the next ones.

    They come with the newest at the front: of those that are equally near the newest ones count.
    """

    def __init__(self, finished: Iterable[Finished] = ()) -> None:
        known = [each for each in finished if each.estimate > 0 and each.seconds > 0]
        self._ratios: dict[int, list[tuple[float, float]]] = {}
        for each in known:
            if not each.changed_model:
                ratios = self._ratios.setdefault(each.model_id, [])
                ratios.append((math.log(each.estimate), each.seconds / each.estimate))
        self._spreads: dict[tuple[int, float], Spread] = {}
        self._changes = self._measured_changes(known)

    def seconds(self, model_id: int, estimate: float) -> Spread:
        """How long a picture keeps a worker that has the model loaded."""
        key = model_id, float(f"{estimate:.2g}")
        if key not in self._spreads:
            self._spreads[key] = self._ratio(model_id, estimate)
        return self._spreads[key].times(estimate)

    def change_seconds(self, model_id: int) -> float:
        """How much longer it takes when the worker has to load the model first."""
        return self._changes.get(model_id, UNMEASURED_CHANGE_SECONDS)

    def _ratio(self, model_id: int, estimate: float) -> Spread:
        at = math.log(estimate) if estimate > 0 else 0.0
        nearest = sorted(self._ratios.get(model_id, ()), key=lambda each: abs(each[0] - at))
        ratios = sorted(ratio for _at, ratio in nearest[:NEAREST])
        if not ratios:
            return UNMEASURED
        likely = statistics.fmean(ratios)  # what many of them add up to
        if len(ratios) < FEWEST:
            return UNMEASURED.times(likely)
        early, late = _quantile(ratios, 0.1), _quantile(ratios, 0.9)
        return Spread(min(early, likely), likely, max(late, likely))

    def _measured_changes(self, finished: Sequence[Finished]) -> dict[int, float]:
        extra: dict[int, list[float]] = {}
        for each in finished:
            if each.changed_model:
                usual = self.seconds(each.model_id, each.estimate).likely
                extra.setdefault(each.model_id, []).append(max(each.seconds - usual, 0.0))
        return {model_id: statistics.fmean(seconds) for model_id, seconds in extra.items()}


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
