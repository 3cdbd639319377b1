"""When "tonight" is, and which times may be chosen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from generation.limits import Limits
from generation.start_times import first_start, first_start_tonight, tonight, why_not_at
from generation.working_hours import OFFICE_HOURS

SHANGHAI = "Asia/Shanghai"
ALWAYS = Limits()
OFFICE = Limits(hours=(OFFICE_HOURS(SHANGHAI),))
REFUSING = Limits(hours=(OFFICE_HOURS(SHANGHAI),), refuses_outside_hours=True)


def there(text: str) -> datetime:
    """A moment as a clock in Shanghai shows it; 5 January 2026 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(SHANGHAI))


NOON = there("2026-01-05T12:00")


def test_tonight_is_eight_in_the_evening_of_the_organization() -> None:
    assert tonight(NOON, SHANGHAI) == there("2026-01-05T20:00")
    assert tonight(NOON, "Europe/Berlin").astimezone(ZoneInfo("Europe/Berlin")).hour == 20


@pytest.mark.parametrize("hour", ["20:00", "23:59"])
def test_in_the_night_tonight_is_now(hour: str) -> None:
    late = there(f"2026-01-05T{hour}")

    assert tonight(late, SHANGHAI) == late
    assert first_start_tonight(ALWAYS, late, SHANGHAI) is None


def test_before_five_it_is_still_the_night() -> None:
    early = there("2026-01-05T04:59")

    assert tonight(early, SHANGHAI) == early
    assert tonight(early + timedelta(minutes=1), SHANGHAI) == there("2026-01-05T20:00")


def test_tonight_waits_for_the_working_hours() -> None:
    assert first_start_tonight(ALWAYS, NOON, SHANGHAI) == there("2026-01-05T20:00")
    assert first_start_tonight(OFFICE, NOON, SHANGHAI) == there("2026-01-06T09:00")
    assert first_start_tonight(REFUSING, NOON, SHANGHAI) == there("2026-01-06T09:00")
    assert first_start_tonight(OFFICE, there("2026-01-09T22:00"), SHANGHAI) == there(
        "2026-01-12T09:00"
    )


def test_a_time_outside_the_working_hours_becomes_their_beginning() -> None:
    evening = there("2026-01-05T22:00")

    assert first_start(evening, ALWAYS, NOON) == evening
    assert first_start(evening, OFFICE, NOON) == there("2026-01-06T09:00")
    assert first_start(there("2026-01-05T15:00"), OFFICE, NOON) == there("2026-01-05T15:00")


def test_where_work_outside_the_hours_is_refused_the_time_stays_for_that() -> None:
    assert first_start(there("2026-01-05T22:00"), REFUSING, NOON) == there("2026-01-05T22:00")


def test_what_has_come_already_is_at_once() -> None:
    assert first_start(None, OFFICE, NOON) is None
    assert first_start(NOON, OFFICE, NOON) is None


def test_times_lie_within_the_next_thirty_days() -> None:
    assert why_not_at(NOON + timedelta(days=30), NOON) == ""
    assert "30 days" in why_not_at(NOON + timedelta(days=30, minutes=1), NOON)
    assert why_not_at(NOON - timedelta(seconds=59), NOON) == ""
    assert "passed" in why_not_at(NOON - timedelta(minutes=2), NOON)
    assert "passed" in why_not_at(datetime(1, 1, 1, tzinfo=UTC), NOON)
