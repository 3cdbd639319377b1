"""Quotas: what they allow, when they start anew, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from generation.quotas import (
    Exceeded,
    Period,
    Quota,
    Scope,
    Unit,
    Use,
    Who,
    amount_words,
    exceeded,
    period_start,
    quota_words,
    resets_at,
    share,
    spent,
)

SHANGHAI = "Asia/Shanghai"
NOW = datetime(2026, 10, 12, 19, tzinfo=ZoneInfo(SHANGHAI))
KINDS = list(product(Scope, Who, Unit, Period))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Whatever language the page of an earlier test was in."""
    with translation.override("en"):
        yield


def quota(most: float = 40, **options) -> Quota:
    values = {
        "scope": Scope.PROJECT,
        "who": Who.PERSON,
        "unit": Unit.IMAGES,
        "period": Period.DAY,
    }
    return Quota(**{**values, **options}, most=most)


def asking(*quotas: Quota, uses=None, images: int = 1, seconds: float = 10.0) -> list[Exceeded]:
    return exceeded(
        quotas,
        uses or {},
        asked_images=images,
        asked_seconds=seconds,
        now=NOW,
        timezone=SHANGHAI,
    )


def starting(*quotas: Quota, uses, images: int = 1, seconds: float = 10.0) -> Exceeded | None:
    return spent(quotas, uses, images=images, seconds=seconds, now=NOW, timezone=SHANGHAI)


# When they start anew.


def test_day_and_month_are_those_of_the_calendar_in_the_zone() -> None:
    late = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight of the new year there

    assert period_start(Period.DAY, late, SHANGHAI).isoformat() == "2027-01-01T00:00:00+08:00"
    assert period_start(Period.MONTH, late, SHANGHAI).isoformat() == "2027-01-01T00:00:00+08:00"
    assert resets_at(Period.DAY, late, SHANGHAI).isoformat() == "2027-01-02T00:00:00+08:00"
    assert resets_at(Period.MONTH, late, SHANGHAI).isoformat() == "2027-02-01T00:00:00+08:00"
    assert resets_at(Period.MONTH, late, "UTC").isoformat() == "2027-01-01T00:00:00+00:00"


def test_day_whose_midnight_is_skipped_begins_when_the_clock_is_moved() -> None:
    noon = datetime(2026, 4, 24, 10, tzinfo=UTC)  # clocks in Cairo go from 0:00 to 1:00

    assert period_start(Period.DAY, noon, "Africa/Cairo").isoformat() == "2026-04-24T01:00:00+03:00"


moments = st.integers(0, 10 * 365 * 86400).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
zones = st.sampled_from([
    "Asia/Shanghai", "UTC", "Europe/Berlin", "America/Havana", "Africa/Cairo", "Asia/Beirut",
    "Australia/Lord_Howe", "Pacific/Kiritimati", "America/Nuuk", "America/Santiago",
])  # fmt: skip
periods = st.sampled_from(Period)


@given(periods, moments, zones)
def test_every_moment_lies_in_its_period_and_the_next_begins_where_it_ends(
    period: Period, now: datetime, zone: str
) -> None:
    start = period_start(period, now, zone).astimezone(UTC)
    end = resets_at(period, now, zone).astimezone(UTC)

    assert start <= now < end
    assert period_start(period, end, zone) == end
    assert resets_at(period, end - timedelta(seconds=1), zone) == end
    assert resets_at(period, start, zone) == end


@given(periods, moments, zones)
def test_a_period_begins_on_its_first_day_with_the_day(
    period: Period, now: datetime, zone: str
) -> None:
    start = period_start(period, now, zone)
    before = (start.astimezone(UTC) - timedelta(seconds=1)).astimezone(ZoneInfo(zone))

    assert before.date() < start.date()
    assert period == Period.DAY or start.day == 1


# What they allow.


def test_who_asks_counts_what_already_waits() -> None:
    limit = quota(40)

    assert asking(limit, uses={limit: Use(30, 9)}) == []
    assert asking(limit, uses={limit: Use(30, 10)}) == [
        Exceeded(limit, 40, 1, resets_at(Period.DAY, NOW, SHANGHAI))
    ]


def test_who_starts_does_not_count_what_waits() -> None:
    limit = quota(40)

    assert starting(limit, uses={limit: Use(39, 500)}) is None
    assert starting(limit, uses={limit: Use(40, 0)}) is not None


def test_quota_of_gpu_seconds_counts_seconds_and_not_pictures() -> None:
    limit = quota(100, unit=Unit.GPU_SECONDS)

    assert asking(limit, images=200, seconds=100.0) == []
    assert [each.asked for each in asking(limit, images=1, seconds=100.5)] == [100.5]


def test_sums_of_fractions_refuse_nobody() -> None:
    limit = quota(0.3, unit=Unit.GPU_SECONDS)

    assert asking(limit, uses={limit: Use(0.1, 0.1)}, seconds=0.1) == []


def test_picture_waits_for_the_quota_that_resets_last() -> None:
    day, month = quota(1), quota(1, period=Period.MONTH)
    uses = {day: Use(1), month: Use(1)}

    assert starting(month, day, uses=uses).quota == starting(day, month, uses=uses).quota == month


def test_picture_that_never_fits_is_not_told_to_wait_for_the_first_of_the_month() -> None:
    small = quota(5, unit=Unit.GPU_SECONDS)
    month = quota(1, period=Period.MONTH)

    assert starting(month, small, uses={month: Use(1)}, seconds=10.0).quota == small


quotas = st.builds(
    Quota,
    st.sampled_from(Scope),
    st.sampled_from(Who),
    st.sampled_from(Unit),
    periods,
    st.floats(0, 1000),
)
uses = st.builds(Use, st.floats(0, 1000), st.floats(0, 1000))
many = st.dictionaries(quotas, uses, max_size=6)


@given(many, st.integers(1, 9), st.floats(0, 500))
def test_what_is_refused_is_over_and_what_is_allowed_is_not(used, images, seconds) -> None:
    refused = {
        each.quota: each for each in asking(*used, uses=used, images=images, seconds=seconds)
    }

    for each, use in used.items():
        asked = images if each.unit == Unit.IMAGES else seconds
        over = use.used + use.reserved + asked - each.most
        assert over > 0 if each in refused else over <= 1e-5


@given(many, st.integers(1, 9), st.floats(0, 500))
def test_whoever_asks_for_less_is_refused_no_more(used, images, seconds) -> None:
    more = {each.quota for each in asking(*used, uses=used, images=images, seconds=seconds)}
    less = {each.quota for each in asking(*used, uses=used, images=1, seconds=seconds / 2)}

    assert less <= more


@given(many, st.integers(1, 9), st.floats(0, 500))
def test_what_could_be_asked_for_can_start(used, images, seconds) -> None:
    if not asking(*used, uses=used, images=images, seconds=seconds):
        assert starting(*used, uses=used, images=images, seconds=seconds) is None


@given(quotas, uses)
def test_meter_stays_on_its_scale_and_is_full_when_nothing_is_left(limit, use) -> None:
    filled = share(limit, use)

    assert 0 <= filled <= 1
    assert (filled == 1) == (use.used + use.reserved >= limit.most)


# What they say.


def words(limit: Quota, *, used: float, asked: float = 1) -> str:
    found = Exceeded(limit, used, asked, resets_at(limit.period, NOW, SHANGHAI))
    return quota_words(found, now=NOW).replace("\xa0", " ")


def test_used_up_says_of_how_much_and_when_it_starts_anew() -> None:
    assert words(quota(40), used=40) == (
        "You have used 40 of 40 pictures today in this project. "
        "It starts anew at 00:00, in 5 hours."
    )
    everybody = quota(
        7200, unit=Unit.GPU_SECONDS, who=Who.EVERYBODY, scope=Scope.ORGANIZATION,
        period=Period.MONTH,
    )  # fmt: skip
    assert words(everybody, used=7199.7, asked=12) == (
        "Everybody together has used 120 min of 120 min of GPU time this month in this "
        "organization. It starts anew on Nov. 1, 2026, in 2 weeks."
    )


def test_one_picture_is_said_in_the_singular() -> None:
    assert words(quota(1), used=1).startswith("You have used 1 of 1 picture today")
    assert words(quota(0), used=0).startswith("This needs 1 picture, and one person may have 0 a")


def test_some_left_says_how_much_and_that_less_would_do() -> None:
    assert words(quota(40), used=38, asked=4) == (
        "You have 2 of 40 pictures left today in this project, and this needs 4. "
        "Ask for fewer, or wait: it starts anew at 00:00, in 5 hours."
    )
    assert "have 30 s of 10 min of GPU time left today" in words(
        quota(600, unit=Unit.GPU_SECONDS), used=570, asked=40
    )


def test_what_never_fits_is_not_told_to_wait() -> None:
    told = words(quota(40), used=0, asked=41)

    assert told == (
        "This needs 41 pictures, and one person may have 40 a day in this project. "
        "Ask for fewer, or ask an admin to raise the limit."
    )


def test_it_is_said_in_chinese_as_chinese_says_it() -> None:
    with translation.override("zh-hans"):
        assert words(quota(40), used=40) == (
            "你今天在此项目中已用 40 张图片，上限为 40 张。00:00 起重新计算，还有 5 小时。"
        )
        monthly = quota(7200, unit=Unit.GPU_SECONDS, who=Who.EVERYBODY, period=Period.MONTH)
        assert "所有人本月在此项目中共用了 120 分钟 GPU 时间" in words(monthly, used=7200)
        assert "2026年11月1日" in words(monthly, used=7200)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_of_quota_has_words_of_its_own(language: str) -> None:
    with translation.override(language):
        told = [
            words(Quota(*kind, most=200), used=used, asked=asked)
            for kind in KINDS
            for used, asked in ((200, 1), (150, 60), (0, 500))
        ]

    assert len(set(told)) == len(KINDS) * 3
    for text in told:
        assert "%" not in text
        assert bool(re.search("[一-鿿]", text)) == (language == "zh-hans")


def test_amounts_are_told_in_the_unit_that_is_easy_to_grasp() -> None:
    told = [amount_words(Unit.GPU_SECONDS, each) for each in (0, 3.4, 119, 120, 600, 90000)]

    assert told == ["0 s", "3 s", "119 s", "2 min", "10 min", "1,500 min"]
    assert amount_words(Unit.IMAGES, 1200.0) == "1,200"


@given(st.integers(1, 119), st.floats(0, 119), st.floats(0, 119))
def test_what_is_left_is_never_told_as_enough(most: int, used: float, asked: float) -> None:
    limit = quota(most, unit=Unit.GPU_SECONDS)
    for found in asking(limit, uses={limit: Use(used)}, seconds=asked):
        told = re.search(r"have (\d+) s of .* needs (\d+) s", quota_words(found, now=NOW))
        if told is not None:
            assert int(told[1]) < int(told[2])
