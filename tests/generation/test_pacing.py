"""What finished pictures tell about the next ones."""

from __future__ import annotations

import pytest

from generation.pacing import (
    UNMEASURED,
    UNMEASURED_CHANGE_SECONDS,
    Finished,
    Pace,
)

MODEL = 1


def measured(*ratios: float, estimate: float = 10.0) -> list[Finished]:
    return [Finished(MODEL, estimate, estimate * ratio) for ratio in ratios]


def test_without_measurements_the_estimate_is_taken_with_a_wide_spread() -> None:
    assert Pace().seconds(MODEL, 10.0) == UNMEASURED.times(10.0)
    assert Pace().change_seconds(MODEL) == UNMEASURED_CHANGE_SECONDS


def test_pictures_take_as_long_as_the_latest_ones_did() -> None:
    pace = Pace(measured(1.9, 1.95, 2.0, 2.0, 2.0, 2.05, 2.1))

    early, likely, late = pace.seconds(MODEL, 20.0)

    assert likely == pytest.approx(40.0)
    assert 38.0 < early < likely < late < 42.0


def test_likely_is_what_many_of_them_add_up_to() -> None:
    pace = Pace(measured(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0))

    assert pace.seconds(MODEL, 10.0).likely == pytest.approx(12.0)


def test_few_measurements_leave_the_spread_wide() -> None:
    pace = Pace(measured(2.0, 2.0))

    assert pace.seconds(MODEL, 10.0) == UNMEASURED.times(20.0)


def test_small_pictures_are_judged_by_small_ones() -> None:
    """Half a second of saving is much for a small picture and little for a large one."""
    small = measured(*[1.5] * 20, estimate=1.0)
    large = measured(*[1.05] * 20, estimate=10.0)

    pace = Pace([*small, *large])

    assert pace.seconds(MODEL, 1.2).likely == pytest.approx(1.8)
    assert pace.seconds(MODEL, 9.0).likely == pytest.approx(9.45)


def test_the_newest_of_the_same_size_count() -> None:
    """A machine that has become slower is believed after fifteen pictures."""
    pace = Pace([*measured(*[3.0] * 15), *measured(*[1.0] * 100)])

    assert pace.seconds(MODEL, 10.0).likely == pytest.approx(30.0)


def test_models_are_judged_apart() -> None:
    pace = Pace(measured(*[3.0] * 10))

    assert pace.seconds(2, 10.0) == UNMEASURED.times(10.0)


def test_what_a_change_of_models_costs_is_measured_and_spoils_no_other_number() -> None:
    changed = [Finished(MODEL, 10.0, 10.0 + 8.0, changed_model=True)] * 3

    pace = Pace([*measured(*[1.0] * 10), *changed])

    assert pace.change_seconds(MODEL) == pytest.approx(8.0)
    assert pace.seconds(MODEL, 10.0) == (10.0, 10.0, 10.0)


def test_nonsense_of_a_clock_that_was_set_is_left_out() -> None:
    pace = Pace([*measured(*[1.0] * 10), Finished(MODEL, 10.0, -3600.0), Finished(MODEL, 0.0, 5.0)])

    assert pace.seconds(MODEL, 10.0).likely == 10.0
