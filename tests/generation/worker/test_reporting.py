"""The reporter: the drawing never waits for it, and it is the first to hear that it should stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError

from generation.engines.base import Cancelled, Phase, Progress
from generation.worker.reporting import LOOK_EVERY_SECONDS, Attempt, Reporter


def ignore(*_: Any) -> None:
    """Nothing to say."""


@contextmanager
def reporting(report=ignore, look=ignore) -> Iterator[Reporter]:
    reporter = Reporter(report=report, look=look)
    reporter.start()
    try:
        yield reporter
    finally:
        reporter.close()


def attempt(name: str = "claim") -> Any:
    return Attempt(name)  # type: ignore[arg-type]  # nothing here looks into the claim


def step(number: int, of: int = 50) -> Progress:
    return Progress(Phase.DENOISING, number, of)


def wait_until(condition) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_posting_costs_nothing_while_the_database_hangs_and_only_the_latest_is_kept() -> None:
    go_on = threading.Event()
    written: list[int] = []

    def report(_: Any, progress: Progress) -> None:
        go_on.wait(5)
        written.append(progress.step)

    drawing = attempt()
    drawing.is_worth_telling = lambda _: True  # type: ignore[method-assign]
    with reporting(report) as reporter:
        began = time.monotonic()
        for number in range(50):
            reporter.post(drawing, step(number))
            time.sleep(0.001)
        assert time.monotonic() - began < 1
        go_on.set()

    assert written[-1] == 49
    assert len(written) == 2  # the one that hung, and the latest


def test_news_of_two_drawings_do_not_replace_each_other() -> None:
    go_on = threading.Event()
    written: list[tuple[str, Phase]] = []

    def report(claim: Any, progress: Progress) -> None:
        go_on.wait(5)
        written.append((claim, progress.phase))

    with reporting(report) as reporter:
        first, second = attempt("first"), attempt("second")
        reporter.post(first, step(8, 8))
        time.sleep(0.05)
        reporter.post(first, Progress(Phase.SAVING, 0, 1))
        reporter.post(second, Progress(Phase.ENCODING, 0, 1))
        go_on.set()

    assert written == [
        ("first", Phase.DENOISING),
        ("first", Phase.SAVING),
        ("second", Phase.ENCODING),
    ]


def test_steps_that_follow_each_other_too_quickly_to_be_seen_are_not_told() -> None:
    drawing = attempt()

    told = [number for number in range(9) if drawing.is_worth_telling(step(number, 8))]

    assert told == [0, 8]


def test_cancellation_is_noticed_while_the_engine_says_nothing() -> None:
    def look(_: Any) -> None:
        raise Cancelled

    drawing = attempt()
    with reporting(look=look) as reporter:
        reporter.watch(drawing)
        began = time.monotonic()
        wait_until(lambda: drawing.interruption)

    assert isinstance(drawing.interruption, Cancelled)
    assert time.monotonic() - began < LOOK_EVERY_SECONDS * 10


def test_database_that_is_away_interrupts_nobody_and_is_asked_again() -> None:
    answers: list[Any] = [OperationalError("away"), OperationalError("away"), Cancelled()]

    def look(_: Any) -> None:
        answer = answers.pop(0) if answers else None
        if answer:
            raise answer

    drawing = attempt()
    with reporting(look=look) as reporter:
        reporter.watch(drawing)
        wait_until(lambda: drawing.interruption)

    assert isinstance(drawing.interruption, Cancelled)


def test_what_is_in_the_mailbox_is_written_before_it_closes() -> None:
    written: list[int] = []

    def report(_: Any, progress: Progress) -> None:
        time.sleep(0.05)
        written.append(progress.step)

    with reporting(report) as reporter:
        reporter.post(attempt(), step(1))
        reporter.post(attempt(), step(2))

    assert sorted(written) == [1, 2]
