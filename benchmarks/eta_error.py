"""How far the forecast of a start is off, beside a naive one, on traces of office days.

    python -m benchmarks.eta_error [--jobs 2000] [--workers 2] [--seeds 3] [--every 7]

The pictures really take a noisy multiple of their estimate, some of them several times as long, and
slower in one half of the day than in the other; three models are changed at a cost. At every so
many asks the forecast is asked when the new picture starts, with what is known at that moment.
Others ask later and go ahead, and somebody sends 200 pictures at once: no forecast knows that. The
naive estimator multiplies the same place in the line with the mean time of the latest pictures.
Printed are, by what was told to the person, the absolute error in seconds, the same relative to the
wait, and how often the true start fell into the range that was told.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.office_day import BEGIN, Job, candidate_of, make_trace
from benchmarks.replaying import FairShare, Moment, Run, replay, whose
from generation.forecasting import Asked, Expected, forecast
from generation.gates import Gates
from generation.limits import NO_CAPS, Limits, Rules
from generation.pacing import Finished, Pace
from generation.scene import Occupied, Scene, Server, Waiting, WaitingLine

CHANGE_SECONDS = 12.0
# As the site reads them: generation/queries/pace.py and lines.py.
LOOKED_BACK = 200
READ_OF_EACH = 20
LONGEST_WINDOW = 1800.0
OPEN = Rules(
    limits=Limits(), project_caps=NO_CAPS, organization_caps=NO_CAPS, quotas=(), time_zone="UTC"
)
# Waits that are shorter are told as "at once" and are not worth a percentage.
SHORTEST = 10.0


@dataclass(frozen=True, slots=True)
class Guess:
    """What was said about one start, in seconds from the ask."""

    job: int
    at: float
    starts: Expected
    naive: float


@dataclass(slots=True)
class Guesses:
    """Asks the forecast at every so many asks, and remembers what it said."""

    rule: FairShare
    every: int
    made: list[Guess] = field(default_factory=list)
    took: list[float] = field(default_factory=list)

    def __call__(self, moment: Moment) -> None:
        """Somebody asked."""
        if moment.job.number % self.every:
            return
        latest = moment.finished[-LOOKED_BACK:]
        pace = Pace(
            Finished(run.job.model, run.job.seconds, run.end - run.start, run.changed_model)
            for run in reversed(latest)
        )
        begun = time.perf_counter()
        wanted = candidate_of(moment.job).job_id
        found = forecast(
            Scene(
                lines=[_line(jobs, pace) for jobs in moment.lines.values() if jobs],
                servers=[
                    Server(
                        demands=frozenset({1, 2, 3}),
                        resident=seat.resident,
                        passed_over=seat.passed_over,
                    )
                    for seat in moment.seats
                ],
                running=[self._occupied(run, moment.now, pace) for run in moment.running],
                ledger=self.rule.ledger,
                gates=Gates({1: OPEN}, {}, now=BEGIN),
                pace=pace,
            ),
            asked=_asked(moment, latest, pace),
            window=_window(moment, latest),
            up_to=200,
            wanted={wanted},
        )
        self.took.append(time.perf_counter() - begun)
        if wanted in found:
            mean = statistics.mean([run.end - run.start for run in latest] or [10.0])
            naive = (found[wanted].number - 1) / len(moment.seats) * mean
            self.made.append(Guess(moment.job.number, moment.now, found[wanted].starts, naive))

    def _occupied(self, run: Run, now: float, pace: Pace) -> Occupied:
        """A running job with the steps that it has done."""
        done = (now - run.start) / (run.end - run.start)
        takes = pace.seconds(run.job.model, run.job.seconds)
        return Occupied(whose(run.job), takes.times(max(1 - done, 0.05)), run.seat.number)


def main() -> None:
    """Replay the days, print the table."""
    arguments = _arguments()
    guesses: list[tuple[Guess, float]] = []
    took: list[float] = []
    for seed in range(1, arguments.seeds + 1):
        made, starts, seconds = _day(seed, arguments.jobs, arguments.workers, arguments.every)
        guesses += [(guess, starts[guess.job] - guess.at) for guess in made]
        took += seconds
    print(f"{len(guesses)} guesses, {arguments.workers} workers, {arguments.seeds} days")
    print(f"{'told':>14} {'guesses':>8} {'median error':>18} {'p95 error':>18} {'in range':>9}")
    for name, low, high in (
        ("all", 0.0, math.inf),
        ("up to 15 s", 0.0, 15.0),
        ("15 s to 1 min", 15.0, 60.0),
        ("1 to 10 min", 60.0, 600.0),
        ("over 10 min", 600.0, math.inf),
    ):
        _print(name, [each for each in guesses if low <= each[0].starts.likely < high])
    took.sort()
    print(
        f"\none forecast takes {statistics.median(took) * 1000:.1f} ms in the median, "
        f"{took[int(len(took) * 0.95)] * 1000:.1f} ms at p95"
    )


def _day(
    seed: int, jobs: int, workers: int, every: int
) -> tuple[list[Guess], dict[int, float], list[float]]:
    dice = random.Random(seed)
    trace = make_trace(dice, jobs, workers, models=3)
    noise = random.Random(seed * 1000)
    half = trace[-1].at / 2
    true = {job.number: _true_seconds(job, noise, half) for job in trace}
    rule = FairShare()
    guesses = Guesses(rule, every)
    outcome = replay(
        trace,
        rule,
        workers,
        seconds=lambda job: true[job.number],
        change_seconds=CHANGE_SECONDS,
        asked=guesses,
    )
    return guesses.made, outcome.starts, guesses.took


def _true_seconds(job: Job, noise: random.Random, half: float) -> float:
    seconds = job.seconds * noise.lognormvariate(0.0, 0.2) * (1.15 if job.at > half else 0.95)
    return seconds * (3.0 if noise.random() < 0.03 else 1.0) + 0.5


def _window(moment: Moment, latest: Sequence[Run]) -> float:
    """How far back every job is known that was asked for, in seconds."""
    begin = min(run.end for run in latest) if len(latest) == LOOKED_BACK else 0.0
    return min(moment.now - begin, LONGEST_WINDOW)


def _asked(moment: Moment, latest: Sequence[Run], pace: Pace) -> list[Asked]:
    jobs = [run.job for run in (*latest, *moment.running)]
    jobs += [job for line in moment.lines.values() for job in list(line)[:READ_OF_EACH]]
    return [Asked(moment.now - job.at, job.model, _waiting(job, pace)) for job in jobs]


def _waiting(job: Job, pace: Pace) -> Waiting:
    return Waiting(candidate_of(job), pace.seconds(job.model, job.seconds))


def _line(jobs: Sequence[Job], pace: Pace) -> WaitingLine:
    return WaitingLine(
        demand_id=jobs[0].model,
        jobs=[_waiting(job, pace) for job in jobs],
    )


def _print(name: str, guesses: Sequence[tuple[Guess, float]]) -> None:
    if not guesses:
        return
    print(f"{name:>14} {len(guesses):8}")
    for label, errors in (
        ("forecast", [(abs(guess.starts.likely - true), true) for guess, true in guesses]),
        ("naive", [(abs(guess.naive - true), true) for guess, true in guesses]),
    ):
        absolute = sorted(error for error, _true in errors)
        relative = sorted(error / true for error, true in errors if true >= SHORTEST) or [0.0]
        inside = [
            guess.starts.earliest <= true <= (guess.starts.latest or true)
            for guess, true in guesses
        ]
        share = f"{statistics.mean(inside):8.0%}" if label == "forecast" else ""
        print(
            f"{label:>14} {'':8} {_median(absolute):8.1f} s {_median(relative):6.0%} "
            f"{_p95(absolute):9.1f} s {_p95(relative):6.0%} {share:>9}"
        )


def _median(ordered: Sequence[float]) -> float:
    return statistics.median(ordered)


def _p95(ordered: Sequence[float]) -> float:
    return ordered[int(len(ordered) * 0.95)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--every", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    main()
