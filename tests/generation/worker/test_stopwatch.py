"""Time is counted from when an attempt was first seen, not from what a clock says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from generation.worker.stopwatch import RunningAttempt, Stopwatch

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
JOB, TOKEN, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def test_attempt_is_late_once_it_was_watched_for_longer_than_the_limit() -> None:
    watch, attempt = Stopwatch(limit=10), RunningAttempt(JOB, TOKEN, NOON)

    assert watch.over_time([attempt], now=100.0) == []
    assert watch.over_time([attempt], now=110.0) == []
    assert watch.over_time([attempt], now=110.1) == [JOB]


def test_wrong_clock_ends_nothing_and_saves_nothing() -> None:
    watch = Stopwatch(limit=10)
    long_ago = RunningAttempt(JOB, TOKEN, NOON - timedelta(days=1))
    in_future = RunningAttempt(OTHER, TOKEN, NOON + timedelta(days=1))

    assert watch.over_time([long_ago, in_future], now=0.0) == []
    assert watch.over_time([long_ago, in_future], now=11.0) == [JOB, OTHER]


def test_next_attempt_and_a_drawing_that_only_begins_now_count_anew() -> None:
    watch = Stopwatch(limit=10)
    watch.over_time([RunningAttempt(JOB, TOKEN, NOON)], now=0.0)

    assert watch.over_time([RunningAttempt(JOB, OTHER, NOON)], now=11.0) == []
    begun = RunningAttempt(JOB, OTHER, NOON + timedelta(seconds=3))
    assert watch.over_time([begun], now=22.0) == []


def test_attempt_that_ended_is_forgotten() -> None:
    watch, attempt = Stopwatch(limit=10), RunningAttempt(JOB, TOKEN, NOON)
    watch.over_time([attempt], now=0.0)
    watch.over_time([], now=5.0)

    assert watch.over_time([attempt], now=11.0) == []
