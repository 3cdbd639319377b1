from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from assets.search.language import Range, Stretch, moments, parse

TODAY = date(2025, 3, 31)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def days_of(text):
    (condition,) = parse(f"date:{text}").query.conditions
    start, end = moments(condition.values[0], today=TODAY, zone=UTC)
    return (start and str(start.date())), (end and str(end.date()))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2025", ("2025-01-01", "2026-01-01")),
        ("2025-12", ("2025-12-01", "2026-01-01")),
        ("2025-01-17", ("2025-01-17", "2025-01-18")),
        ("2025-01..2025-02", ("2025-01-01", "2025-03-01")),
        ("2025-01..", ("2025-01-01", None)),
        ("..2025-01", (None, "2025-02-01")),
        (">=2025-01", ("2025-01-01", None)),
        (">2025-01", ("2025-02-01", None)),
        ("<=2025-01", (None, "2025-02-01")),
        ("<2025-01", (None, "2025-01-01")),
        ("today", ("2025-03-31", "2025-04-01")),
        ("yesterday", ("2025-03-30", "2025-03-31")),
        ("7d", ("2025-03-25", "2025-04-01")),
        ("<7d", (None, "2025-03-25")),
        ("2w", ("2025-03-18", "2025-04-01")),
        ("1m", ("2025-03-01", "2025-04-01")),
        ("1y", ("2024-04-01", "2025-04-01")),
        ("9999d", ("1997-11-15", "2025-04-01")),
    ],
)
def test_days_are_whole_and_half_open(text, days):
    assert days_of(text) == days


def test_a_day_begins_at_midnight_where_somebody_lives():
    start, end = moments(Range.only(Stretch("today")), today=TODAY, zone=SHANGHAI)

    assert start == datetime(2025, 3, 30, 16, tzinfo=UTC)
    assert end == datetime(2025, 3, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "0d", "12", "2025-00", "1800", "3000", "9999w", "soon", "d"])
def test_what_is_no_day_is_none(text):
    assert Stretch.read(text) is None
