"""The circuit breaker: single steps, and whatever order things happen in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from generation.breaking import (
    FAULT_CODES,
    Breaker,
    BreakerState,
    Rules,
    after_failure,
    after_success,
    counts,
    may_start,
    starting,
    state,
)
from generation.wording import FAILURES

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RULES = Rules()
MINUTE = timedelta(minutes=1)


def failed(
    breaker: Breaker, *, at: datetime = NOW, code: str = "gpu_fault", times: int = 1
) -> Breaker:
    for _ in range(times):
        breaker = after_failure(breaker, now=at, code=code, message="It failed.", rules=RULES)
    return breaker


def opened() -> Breaker:
    return failed(Breaker(), times=5)


def test_fifth_failure_in_a_row_opens_it_and_the_fourth_does_not() -> None:
    four = failed(Breaker(), times=4)

    assert state(four, NOW) == BreakerState.CLOSED
    assert may_start(four, now=NOW)
    assert state(failed(four), NOW) == BreakerState.OPEN
    assert not may_start(failed(four), now=NOW)


def test_a_success_between_failures_starts_the_count_anew() -> None:
    assert failed(after_success(failed(Breaker(), times=4)), times=4).open_until is None


def test_it_remembers_what_the_last_failure_was() -> None:
    breaker = failed(opened(), code="weights_invalid")

    assert (breaker.code, breaker.message) == ("weights_invalid", "It failed.")
    assert after_success(breaker) == Breaker()


def test_success_of_what_never_failed_changes_nothing_to_write() -> None:
    untouched = Breaker()

    assert after_success(untouched) is untouched


def test_after_its_time_one_picture_tries() -> None:
    breaker, later = opened(), NOW + 5 * MINUTE

    assert not may_start(breaker, now=later - MINUTE)
    assert state(breaker, later) == BreakerState.HALF_OPEN
    assert may_start(breaker, now=later)
    assert not may_start(starting(breaker, now=later), now=later)


def test_a_probe_that_fails_opens_it_for_as_long_again() -> None:
    later = NOW + 9 * MINUTE
    breaker = failed(starting(opened(), now=later), at=later + MINUTE)

    assert breaker.open_until == later + 6 * MINUTE
    assert breaker.opened_count == 2
    assert may_start(breaker, now=later + 6 * MINUTE)


def test_a_probe_that_never_reports_is_given_up() -> None:
    later = NOW + 5 * MINUTE
    probing = starting(opened(), now=later)

    assert not may_start(probing, now=later + 14 * MINUTE)
    assert may_start(probing, now=later + 15 * MINUTE)
    again = starting(probing, now=later + 15 * MINUTE)
    assert again.probing_since == later + 15 * MINUTE


def test_a_probe_that_proves_nothing_makes_room_for_the_next() -> None:
    later = NOW + 5 * MINUTE
    breaker = failed(starting(opened(), now=later), at=later, code="cancelled")

    assert state(breaker, later) == BreakerState.HALF_OPEN
    assert may_start(breaker, now=later)


def test_late_failures_do_not_prolong_the_pause() -> None:
    assert failed(opened(), at=NOW + MINUTE).open_until == NOW + 5 * MINUTE


@pytest.mark.parametrize(
    "code",
    ["spec_rejected", "cancelled", "attempt_lost", "handed_back", "access_revoked",
     "out_of_memory", "worker_lost", "", "something_new"],
)  # fmt: skip
def test_what_is_not_the_fault_of_worker_or_model_never_opens_it(code: str) -> None:
    assert not counts(code)
    assert failed(Breaker(), code=code, times=50) == Breaker()


@pytest.mark.parametrize("code", sorted(FAULT_CODES))
def test_faults_of_engine_model_and_archive_open_it(code: str) -> None:
    assert counts(code)
    assert failed(Breaker(), code=code, times=5).open_until is not None
    assert code in FAILURES  # a code that the worker really reports


def test_which_codes_count_can_be_chosen() -> None:
    assert counts("out_of_memory", fault_codes=frozenset({"out_of_memory"}))
    strict = Rules(fault_codes=frozenset({"out_of_memory"}), failures_to_open=1)
    breaker = after_failure(Breaker(), now=NOW, code="out_of_memory", message="", rules=strict)
    assert state(breaker, NOW) == BreakerState.OPEN


class Slot(RuleBasedStateMachine):
    """A worker that starts pictures when it may, loses some, and hears of others late."""

    @initialize(
        failures=st.integers(1, 4), open_for=st.integers(1, 10), patience=st.integers(1, 20)
    )
    def begin(self, failures: int, open_for: int, patience: int) -> None:
        self.rules = Rules(
            failures_to_open=failures,
            open_for=open_for * MINUTE,
            probe_patience=patience * MINUTE,
        )
        self.breaker, self.now = Breaker(), NOW
        self.in_a_row = 0  # counted failures since the last success
        self.running: list[datetime] = []
        self.opened_at: datetime | None = None

    @rule(minutes=st.integers(1, 12))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @precondition(lambda self: may_start(self.breaker, now=self.now, rules=self.rules))
    @rule()
    def start(self) -> None:
        trying = state(self.breaker, self.now) == BreakerState.HALF_OPEN
        self.breaker = starting(self.breaker, now=self.now, rules=self.rules)
        self.running.append(self.now)
        if trying:
            assert not may_start(self.breaker, now=self.now, rules=self.rules)

    @precondition(lambda self: self.running)
    @rule(code=st.sampled_from([*sorted(FAULT_CODES), "out_of_memory", "cancelled"]))
    def fail(self, code: str) -> None:
        self.running.pop()
        before = self.breaker
        self.breaker = after_failure(
            before, now=self.now, code=code, message=code, rules=self.rules
        )
        if not counts(code):
            assert self.breaker.failures == before.failures
            assert self.breaker.open_until == before.open_until
            return
        self.in_a_row += 1
        assert self.breaker.code == code
        if before.open_until is None or self.now >= before.open_until:
            opens = before.open_until is not None or self.in_a_row >= self.rules.failures_to_open
            assert (self.breaker.open_until == self.now + self.rules.open_for) == opens
            self.opened_at = self.now if opens else self.opened_at

    @precondition(lambda self: self.running)
    @rule()
    def succeed(self) -> None:
        self.running.pop()
        self.breaker = after_success(self.breaker)
        self.in_a_row, self.opened_at = 0, None

    @precondition(lambda self: self.running)
    @rule()
    def lose(self) -> None:
        """The worker died: nobody tells the breaker."""
        self.running.pop()

    @invariant()
    def counts_every_failure_since_the_last_success(self) -> None:
        if hasattr(self, "breaker"):
            assert self.breaker.failures == self.in_a_row

    @invariant()
    def is_open_from_the_moment_it_opened_for_just_as_long_as_said(self) -> None:
        if not hasattr(self, "breaker"):
            return
        paused = self.opened_at is not None and self.now < self.opened_at + self.rules.open_for
        assert (state(self.breaker, self.now) == BreakerState.OPEN) == paused
        assert (self.breaker.open_until is None) == (self.opened_at is None)

    @invariant()
    def never_stays_shut_for_good(self) -> None:
        """Whatever happened, somebody may start again once pause and patience are over."""
        if hasattr(self, "breaker"):
            later = self.now + self.rules.open_for + self.rules.probe_patience
            assert may_start(self.breaker, now=later, rules=self.rules)

    @invariant()
    def says_nothing_that_a_start_would_change_while_it_is_shut(self) -> None:
        if hasattr(self, "breaker") and not may_start(self.breaker, now=self.now, rules=self.rules):
            assert starting(self.breaker, now=self.now, rules=self.rules) == self.breaker


TestSlot = Slot.TestCase


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_half_open_breaker_lets_one_through_until_patience_ends(first: int, later: int) -> None:
    started = NOW + RULES.open_for + first * MINUTE
    probing = starting(opened(), now=started)

    assert may_start(probing, now=started + later * MINUTE) == (
        later * MINUTE >= RULES.probe_patience
    )
