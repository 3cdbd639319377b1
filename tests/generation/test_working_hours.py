"""When background work may run: open, closed, until when, and what people type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from generation.wall_clock import moment_of
from generation.working_hours import (
    HORIZON,
    OFFICE_HOURS,
    HoursInvalid,
    Window,
    WorkingHours,
    format_dates,
    format_windows,
    parse_dates,
    parse_windows,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Zones that skip and repeat hours at night, at midnight and by half an hour.
ZONES = (
    "Asia/Shanghai", "UTC", "Europe/Berlin", "America/Havana", "America/Asuncion",
    "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York",
)  # fmt: skip
ALWAYS = (Window(time(0), time(0)),)
NIGHT = (Window(time(22), time(6)),)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever language the page of an earlier test was in."""
    with translation.override("en"):
        yield


def in_shanghai(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=SHANGHAI)


def hours(zone: str = "Asia/Shanghai", **options) -> WorkingHours:
    return WorkingHours(zone, **options)


# What the rules say, in single cases.


def test_office_hours_open_on_monday_at_nine_and_close_at_six() -> None:
    office = OFFICE_HOURS("Asia/Shanghai")

    assert not office.is_open(in_shanghai(2026, 10, 12, 8, 59))
    assert office.is_open(in_shanghai(2026, 10, 12, 9))
    assert office.closes_at(in_shanghai(2026, 10, 12, 9)) == in_shanghai(2026, 10, 12, 18)
    assert not office.is_open(in_shanghai(2026, 10, 12, 18))
    assert office.closes_at(in_shanghai(2026, 10, 12, 18)) is None


def test_friday_evening_waits_for_monday() -> None:
    office = OFFICE_HOURS("Asia/Shanghai")

    assert office.next_opening(in_shanghai(2026, 10, 16, 18)) == in_shanghai(2026, 10, 19, 9)


def test_night_shift_runs_to_its_end_on_the_next_morning() -> None:
    night = hours(windows={4: NIGHT})  # Friday

    assert night.is_open(in_shanghai(2026, 10, 17, 5, 59))
    assert night.closes_at(in_shanghai(2026, 10, 16, 23)) == in_shanghai(2026, 10, 17, 6)
    assert not night.is_open(in_shanghai(2026, 10, 16, 5))


def test_window_that_opened_before_a_holiday_is_not_cut_off_by_it() -> None:
    night = hours(windows=dict.fromkeys(range(7), NIGHT), holidays=frozenset({date(2026, 10, 1)}))

    assert night.is_open(in_shanghai(2026, 10, 1, 5))
    assert not night.is_open(in_shanghai(2026, 10, 1, 23))
    assert not night.is_open(in_shanghai(2026, 10, 2, 5))


def test_make_up_day_is_open_as_on_monday_even_on_a_weekend_that_is_a_holiday() -> None:
    sunday = date(2026, 9, 27)
    office = hours(
        windows={0: (Window(time(8), time(17)),), 4: (Window(time(9), time(12)),)},
        holidays=frozenset({sunday}),
        extra_days=frozenset({sunday}),
    )

    assert office.is_open(in_shanghai(2026, 9, 27, 8))
    assert office.closes_at(in_shanghai(2026, 9, 27, 8)) == in_shanghai(2026, 9, 27, 17)


def test_windows_that_adjoin_close_together() -> None:
    day = hours(windows={0: parse_windows("9-12, 12-18, 20-24"), 1: parse_windows("0-3")})

    assert day.closes_at(in_shanghai(2026, 10, 12, 9)) == in_shanghai(2026, 10, 12, 18)
    assert day.closes_at(in_shanghai(2026, 10, 12, 21)) == in_shanghai(2026, 10, 13, 3)


def test_what_is_always_open_never_closes_and_what_is_never_open_never_opens() -> None:
    always, never = hours(windows=dict.fromkeys(range(7), ALWAYS)), hours(windows={})
    now = in_shanghai(2026, 10, 12, 3)

    assert (always.is_open(now), always.closes_at(now), always.next_opening(now)) == (
        True, None, now,
    )  # fmt: skip
    assert (never.is_open(now), never.closes_at(now), never.next_opening(now)) == (
        False, None, None,
    )  # fmt: skip


def test_hours_that_only_open_on_a_day_two_years_from_now_do_not_open() -> None:
    rare = hours(windows={})
    far = hours(windows={0: ALWAYS}, holidays=frozenset(
        date(2026, 10, 12) + timedelta(weeks=week) for week in range(60)
    ))  # fmt: skip

    assert rare.next_opening(in_shanghai(2026, 10, 11)) is None
    assert far.next_opening(in_shanghai(2026, 10, 11)) is None


def test_nine_in_berlin_is_nine_in_summer_and_in_winter() -> None:
    office = OFFICE_HOURS("Europe/Berlin")

    assert office.next_opening(datetime(2026, 3, 27, 20, tzinfo=UTC)) == datetime(
        2026, 3, 30, 7, tzinfo=UTC
    )
    assert office.next_opening(datetime(2026, 10, 23, 20, tzinfo=UTC)) == datetime(
        2026, 10, 26, 8, tzinfo=UTC
    )


def test_window_in_the_skipped_hour_begins_when_the_clock_is_moved() -> None:
    sunday = hours("Europe/Berlin", windows={6: (Window(time(2, 15), time(3, 10)),)})
    moved = datetime(2026, 3, 29, 1, tzinfo=UTC)

    assert sunday.next_opening(datetime(2026, 3, 28, tzinfo=UTC)) == moved
    assert sunday.closes_at(moved) == moved + timedelta(minutes=10)
    skipped = hours("Europe/Berlin", windows={6: (Window(time(2, 15), time(2, 45)),)})
    assert not skipped.is_open(moved)
    assert skipped.next_opening(moved) == datetime(2026, 4, 5, 0, 15, tzinfo=UTC)


def test_night_in_which_the_clock_is_set_back_is_an_hour_longer() -> None:
    night = hours("Europe/Berlin", windows={5: NIGHT})
    opens = night.next_opening(datetime(2026, 10, 24, tzinfo=UTC))

    assert night.closes_at(opens) - opens == timedelta(hours=9)


def test_day_that_a_country_skipped_has_no_hours() -> None:
    apia = hours("Pacific/Apia", windows=dict.fromkeys(range(7), ALWAYS))

    assert moment_of(date(2011, 12, 30), time(0), ZoneInfo("Pacific/Apia")) == moment_of(
        date(2011, 12, 31), time(0), ZoneInfo("Pacific/Apia")
    )
    assert apia.is_open(datetime(2011, 12, 30, 9, 59, tzinfo=UTC))
    assert apia.is_open(datetime(2011, 12, 30, 10, 1, tzinfo=UTC))


# What holds whatever the hours are.

minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@st.composite
def days(draw) -> tuple[Window, ...]:
    """Up to three windows that do not overlap; the last may go past midnight."""
    times = sorted(draw(st.sets(minutes, max_size=6)))
    if len(times) % 2:
        times = times[1:]
    windows = [Window(*pair) for pair in zip(times[::2], times[1::2], strict=True)]
    if windows and draw(st.booleans()):
        windows[-1] = Window(windows[-1].opens, draw(st.times(max_value=windows[0].opens)))
        windows[-1] = Window(windows[-1].opens, windows[-1].closes.replace(second=0, microsecond=0))
    return tuple(windows)


dates = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=12)
any_hours = st.builds(
    WorkingHours,
    st.sampled_from(ZONES),
    st.dictionaries(st.integers(0, 6), days(), max_size=7),
    dates,
    dates,
)
moments = st.integers(0, 2 * 365 * 86400).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def shown_as_open(each: WorkingHours, at: datetime) -> bool:
    """Whether the clock on the wall says so: an independent reading of the same rule."""
    wall = at.astimezone(ZoneInfo(each.timezone))
    clock, today = wall.time(), wall.date()
    return any(
        window.opens <= clock and (clock < window.closes or window.ends_next_day)
        for window in each.windows_on(today)
    ) or any(
        window.ends_next_day and clock < window.closes
        for window in each.windows_on(today - timedelta(days=1))
    )


@given(any_hours, moments)
def test_it_is_open_when_the_clock_on_the_wall_says_so(each: WorkingHours, at: datetime) -> None:
    zone = ZoneInfo(each.timezone)
    near = {(at + timedelta(hours=hour)).astimezone(zone).utcoffset() for hour in range(-48, 49)}
    assume(len(near) == 1)  # the days when the clock is moved have cases of their own

    assert each.is_open(at) == shown_as_open(each, at)


@given(any_hours, moments)
def test_open_closing_and_next_opening_tell_one_story(each: WorkingHours, at: datetime) -> None:
    opening, closing = each.next_opening(at), each.closes_at(at)

    if each.is_open(at):
        assert opening == at
        assert closing is None or at < closing <= at + HORIZON
        if closing is not None:
            assert each.is_open(closing - timedelta(microseconds=1))
            assert not each.is_open(closing)
    else:
        assert closing is None
        if opening is not None:
            assert at < opening <= at + HORIZON
            assert each.is_open(opening)
            assert not each.is_open(opening - timedelta(microseconds=1))


@given(any_hours, moments, st.floats(0, 1))
def test_nothing_changes_before_it_was_said_to(
    each: WorkingHours, at: datetime, part: float
) -> None:
    change = each.closes_at(at) if each.is_open(at) else each.next_opening(at)
    between = at + part * ((change or at + HORIZON / 2) - at)
    assume(change is None or between < change)

    assert each.is_open(between) == each.is_open(at)


@given(any_hours, moments, st.sampled_from(ZONES))
def test_the_answer_does_not_depend_on_the_zone_in_which_the_moment_is_written(
    each: WorkingHours, at: datetime, zone: str
) -> None:
    there = at.astimezone(ZoneInfo(zone))

    assert each.is_open(there) == each.is_open(at)
    assert each.closes_at(there) == each.closes_at(at)


@given(st.sampled_from(ZONES), moments, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_later_on_the_clock_is_never_earlier_in_time(
    zone: str, at: datetime, more: timedelta
) -> None:
    one, other = at.replace(tzinfo=None), at.replace(tzinfo=None) + more

    assert moment_of(one.date(), one.time(), ZoneInfo(zone)) <= moment_of(
        other.date(), other.time(), ZoneInfo(zone)
    )


@given(any_hours)
def test_hours_survive_json(each: WorkingHours) -> None:
    assert WorkingHours.from_json(json.loads(json.dumps(each.to_json()))) == each


@given(days())
def test_windows_survive_being_written_out(windows) -> None:
    assert parse_windows(format_windows(windows)) == windows


@given(dates)
def test_dates_survive_being_written_out(found) -> None:
    assert parse_dates(format_dates(found)) == found


# What people type.


@pytest.mark.parametrize(
    "text",
    [
        "9:00-12:00, 13:00-18:00",
        "９：００－１２：００，１３：００－１８：００",
        "9：00～12：00、13：00～18：00",
        "9-12；13-18",
        "（9:00 至 12:00）\n（13:00 到 18:00）",
        "13:00–18:00,9:00——12:00,",
    ],
)
def test_windows_are_read_as_they_are_typed(text: str) -> None:
    assert parse_windows(text) == (Window(time(9), time(12)), Window(time(13), time(18)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-01..2026-10-03, 2027-01-01",
        "2026/10/1～2026/10/3，2027/1/1",
        "2026年10月1日至2026年10月3日、2027年1月1日",
        "２０２６．１０．１－２０２６．１０．３；2027-1-1",
        "2026-10-01…2026-10-03\n2027-01-01",
    ],
)
def test_dates_are_read_as_they_are_typed(text: str) -> None:
    assert parse_dates(text) == {
        date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 3), date(2027, 1, 1),
    }  # fmt: skip


def test_whole_day_is_written_so_that_it_is_understood() -> None:
    assert format_windows(ALWAYS) == "00:00-24:00"
    assert parse_windows("0:00-24:00") == ALWAYS
    assert parse_windows("") == ()


def test_days_in_a_row_are_written_as_a_range() -> None:
    assert format_dates(parse_dates("2027-1-1, 2026-12-30, 2026-12-31, 2027-3-1")) == (
        "2026-12-30..2027-01-01, 2027-03-01"
    )


@pytest.mark.parametrize("text", ["9", "9-25", "9-12-15", "9:60-12", "24:00-9:00", "abc", "9:0-12"])
def test_windows_that_cannot_be_read_are_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(HoursInvalid) as refusal:
        parse_windows(f"0-1, {text}")

    assert refusal.value.field == "windows"
    assert f"“{text}”" in refusal.value.sentence


@pytest.mark.parametrize("text", ["9-12, 11-13", "22-6, 23-24", "0-0, 5-6", "9-12, 9-12"])
def test_windows_that_overlap_are_refused(text: str) -> None:
    with pytest.raises(HoursInvalid, match="overlap"):
        parse_windows(text)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "1.10.2026", "tomorrow", "2026-10-01..", "20261001"]
)
def test_dates_that_cannot_be_read_are_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(HoursInvalid) as refusal:
        parse_dates(text)

    assert refusal.value.field == "dates"
    assert "is not a date" in refusal.value.sentence


def test_range_that_is_backwards_or_endless_is_refused() -> None:
    with pytest.raises(HoursInvalid, match="ends before it begins"):
        parse_dates("2026-10-07..2026-10-01")
    with pytest.raises(HoursInvalid, match="At most 200"):
        parse_dates("0001-01-01..9999-12-31")
    with pytest.raises(HoursInvalid, match="At most 200"):
        parse_dates("2026-01-01..2026-05-01, 2027-01-01..2027-05-01")
    assert len(parse_dates("2026-01-01..2026-07-19")) == 200


GOOD = {"timezone": "Asia/Shanghai", "windows": {"0": [["09:00", "18:00"]]}}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Asia/Atlantis"}, "timezone"),
        ({"timezone": "Asia"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": "\0"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"timezone": 8}, "timezone"),
        ({"windows": []}, "windows"),
        ({"windows": {"7": []}}, "windows"),
        ({"windows": {0: []}}, "windows"),
        ({"windows": {"2": "09:00-18:00"}}, "windows.2"),
        ({"windows": {"2": ["0918"]}}, "windows.2"),
        ({"windows": {"2": [["09:00", None]]}}, "windows.2"),
        ({"windows": {"2": [["09:00", "25:00"]]}}, "windows.2"),
        ({"windows": {"2": [["09:00", "18:00"], ["17:00", "19:00"]]}}, "windows.2"),
        ({"holidays": "2026-10-01"}, "holidays"),
        ({"holidays": ["2026-13-01"]}, "holidays"),
        ({"holidays": [20261001]}, "holidays"),
        ({"extra_days": [None]}, "extra_days"),
        ({"extra_days": ["2026-10-01"] * 201}, "extra_days"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_json_that_is_wrong_is_refused_at_the_part_at_fault(change, field) -> None:
    WorkingHours.from_json(GOOD)

    with pytest.raises(HoursInvalid) as refusal:
        WorkingHours.from_json({**GOOD, **change})

    assert refusal.value.field == field
    assert refusal.value.sentence.endswith(".")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(json_values, st.sampled_from(["timezone", "windows", "holidays", "extra_days"]))
def test_whatever_json_holds_is_read_or_refused(value, key: str) -> None:
    for data in (value, {**GOOD, key: value}):
        with suppress(HoursInvalid):  # anything else is a failure
            assert WorkingHours.from_json(data).timezone


@given(st.text(alphabet="0123456789:-~.,，：年月日 至", max_size=24))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    for parse in (parse_windows, parse_dates):
        with suppress(HoursInvalid):  # anything else is a failure
            parse(text)


def test_refusals_are_said_in_chinese_too() -> None:
    with translation.override("zh-hans"), pytest.raises(HoursInvalid, match="不是日期"):
        parse_dates("明天")
