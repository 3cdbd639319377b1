"""The claimer, with a clock of its own and claims made up for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from generation.engines.base import Phase, Progress
from generation.worker.claiming import Claimer
from generation.worker.foresight import Foresight


class Waiting:
    """Jobs that wait: hands them out, and remembers when."""

    def __init__(self, *jobs: Any, seconds: float = 0.0) -> None:
        self.jobs = list(jobs)
        self.claimed_at: list[float] = []
        self.seconds = seconds

    def claim(self) -> Any:
        time.sleep(self.seconds)
        self.claimed_at.append(time.monotonic())
        job = self.jobs.pop(0) if self.jobs else None
        if isinstance(job, Exception):
            raise job
        return job


@contextmanager
def claiming(waiting: Waiting) -> Iterator[Claimer]:
    claimer = Claimer(waiting.claim)
    claimer.start()
    try:
        yield claimer
    finally:
        claimer.close()


def wait_until(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_nobody_is_claimed_ahead_before_the_picture_nears_its_end() -> None:
    waiting = Waiting("next")
    with claiming(waiting) as claimer:
        began = time.monotonic()
        claimer.expect(Foresight(estimate=1.0, started=began, lead=0.5), until=math.inf)

        time.sleep(0.3)
        assert waiting.claimed_at == []
        wait_until(lambda: waiting.claimed_at)

        assert 0.5 <= waiting.claimed_at[0] - began < 1.0
        assert claimer.take(until=math.inf) == "next"


def test_last_step_brings_the_claim_forward() -> None:
    waiting = Waiting("next")
    with claiming(waiting) as claimer:
        claimer.expect(Foresight(estimate=100, started=time.monotonic()), until=math.inf)
        claimer.see(Progress(Phase.DENOISING, 0, 8))
        time.sleep(0.05)
        assert waiting.claimed_at == []

        claimer.see(Progress(Phase.DENOISING, 7, 8))
        wait_until(lambda: waiting.claimed_at)

        assert claimer.take(until=math.inf) == "next"


def test_what_was_claimed_ahead_is_there_at_once() -> None:
    waiting = Waiting("next", seconds=0.3)
    with claiming(waiting) as claimer:
        claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
        wait_until(lambda: waiting.claimed_at)
        time.sleep(0.02)

        began = time.monotonic()
        assert claimer.take(until=math.inf) == "next"

        assert time.monotonic() - began < 0.25


def test_claim_that_is_under_way_is_waited_for_and_not_made_twice() -> None:
    waiting = Waiting("next", "one more", seconds=0.2)
    with claiming(waiting) as claimer:
        claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
        time.sleep(0.05)

        assert claimer.take(until=math.inf) == "next"

        assert len(waiting.claimed_at) == 1


def test_job_that_came_after_the_claim_ahead_is_found_when_it_is_asked_for() -> None:
    waiting = Waiting()
    with claiming(waiting) as claimer:
        claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
        wait_until(lambda: waiting.claimed_at)
        waiting.jobs.append("late")

        assert claimer.take(until=math.inf) == "late"
        assert claimer.take(until=math.inf) is None


def test_one_job_is_claimed_ahead_and_never_two() -> None:
    waiting = Waiting("one", "two")
    with claiming(waiting) as claimer:
        claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
        wait_until(lambda: waiting.claimed_at)
        for _ in range(5):
            claimer.see(Progress(Phase.DECODING, 0, 1))
            time.sleep(0.01)

        assert waiting.jobs == ["two"]


def test_after_its_time_nothing_more_is_claimed() -> None:
    waiting = Waiting("next")
    with claiming(waiting) as claimer:
        claimer.expect(
            Foresight(estimate=0.05, started=time.monotonic()), until=time.monotonic() - 1
        )
        time.sleep(0.1)

        assert claimer.take(until=time.monotonic() - 1) is None
        assert waiting.claimed_at == []


def test_job_that_nobody_took_comes_back_when_it_closes() -> None:
    waiting = Waiting("next")
    claimer = Claimer(waiting.claim)
    claimer.start()
    claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
    wait_until(lambda: waiting.claimed_at)

    assert claimer.close() == "next"
    assert "claimer" not in {thread.name for thread in threading.enumerate()}


def test_claim_under_way_while_it_closes_comes_back_too() -> None:
    waiting = Waiting("next", seconds=0.2)
    claimer = Claimer(waiting.claim)
    claimer.start()
    claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
    time.sleep(0.05)

    assert claimer.close() == "next"


def test_database_that_failed_the_claim_ahead_is_asked_again() -> None:
    waiting = Waiting(OSError("away"), "next")
    with claiming(waiting) as claimer:
        claimer.expect(Foresight(estimate=0, started=time.monotonic()), until=math.inf)
        wait_until(lambda: waiting.claimed_at)

        assert claimer.take(until=math.inf) == "next"


def test_failure_of_a_claim_that_is_waited_for_is_heard_of() -> None:
    with claiming(Waiting(OSError("away"))) as claimer, pytest.raises(OSError, match="away"):
        claimer.take(until=math.inf)
