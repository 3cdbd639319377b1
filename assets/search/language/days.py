"""Stretches of days as people write them: `2025`, `2025-01`, `2025-01-17`, `today`, `7d`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, Self

from assets.search.language.values import Range

YEARS: Final = range(1900, 3000)
LONGEST: Final = {"d": 9999, "w": 999, "m": 999, "y": 99}
NAMED: Final = {
    "today": "today",
    "yesterday": "yesterday",
    "今天": "today",
    "今日": "today",
    "昨天": "yesterday",
    "昨日": "yesterday",
}
# Chinese units behind a number: 7天 is 7d.
UNITS: Final = {"d": "d", "w": "w", "m": "m", "y": "y", "天": "d", "日": "d", "周": "w", "月": "m"}
UNITS_OF_CHINA: Final = "".join(unit for unit in UNITS if not unit.isascii())

_calendar = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?|年)?").fullmatch
_ago = re.compile(rf"(\d{{1,4}})个?([dwmy{UNITS_OF_CHINA}])").fullmatch


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of whole days, in canonical spelling. Relative ones move with the calendar."""

    text: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The stretch that a text means; `None` when it means none."""
        text = text.strip().lower()
        if text in NAMED:
            return cls(NAMED[text])
        if found := _ago(text):
            count, unit = int(found[1]), UNITS[found[2]]
            return cls(f"{count}{unit}") if 1 <= count <= LONGEST[unit] else None
        if found := _calendar(text):
            numbers = [int(each) for each in found.groups() if each]
            return cls(_spelled(numbers)) if _exists(numbers) else None
        return None

    def __str__(self) -> str:
        return self.text

    @property
    def is_relative(self) -> bool:
        """Whether it means other days tomorrow."""
        return not self.text[:4].isdigit() or self.text[-1] in LONGEST

    def bounds(self, today: date) -> tuple[date, date]:
        """The first day, and the first day after it."""
        tomorrow = today + timedelta(days=1)
        if self.text == "today":
            return today, tomorrow
        if self.text == "yesterday":
            return today - timedelta(days=1), today
        if self.is_relative:
            return _back(tomorrow, int(self.text[:-1]), self.text[-1]), tomorrow
        return _calendar_bounds([int(each) for each in self.text.split("-")])


def moments(
    days: Range[Stretch], *, today: date, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """From which moment on and before which moment, in a zone whose date is `today`."""
    start = end = None
    if days.low is not None:
        start = days.low.bounds(today)[1 if days.excludes_low else 0]
    if days.high is not None:
        end = days.high.bounds(today)[0 if days.excludes_high else 1]
    return _midnight(start, zone), _midnight(end, zone)


def _midnight(day: date | None, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=zone)


def _spelled(numbers: list[int]) -> str:
    year, *rest = numbers
    return "-".join([f"{year:04}", *(f"{each:02}" for each in rest)])


def _exists(numbers: list[int]) -> bool:
    year, month, day = [*numbers, 1, 1][:3]
    try:
        return date(year, month, day).year in YEARS
    except ValueError:
        return False


def _calendar_bounds(numbers: list[int]) -> tuple[date, date]:
    year, month, day = [*numbers, 1, 1][:3]
    first = date(year, month, day)
    if len(numbers) == 3:
        return first, first + timedelta(days=1)
    if len(numbers) == 2:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)


def _back(day: date, count: int, unit: str) -> date:
    """So many units before a day, and never before the first year that can be written."""
    if unit in "dw":
        days = count * (7 if unit == "w" else 1)
        return max(day - timedelta(days=days), date(YEARS[0], 1, 1))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    last = _calendar_bounds([year, month + 1])[1] - timedelta(days=1)
    return date(year, month + 1, min(day.day, last.day))
