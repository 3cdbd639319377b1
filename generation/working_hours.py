"""When work that nobody waits for may run: hours, holidays and make-up days. Pure.

A window belongs to the day on which it opens: one that goes past midnight runs to its end even if
the next day is a holiday. Times are those of a clock in the time zone of the hours, to the minute;
`generation.wall_clock` says how a clock that is changed is taken. Moments are aware, and those
that are given back are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from generation.hours_text import (
    DAY,
    HoursInvalid,
    Window,
    format_dates,
    format_windows,
    parse_dates,
    parse_windows,
    read_dates,
    read_timezone,
    read_windows,
)
from generation.wall_clock import moment_of

__all__ = [
    "HORIZON",
    "OFFICE_HOURS",
    "HoursInvalid",
    "Window",
    "WorkingHours",
    "format_dates",
    "format_windows",
    "parse_dates",
    "parse_windows",
]

# How far ahead is looked: more than a year, so that a yearly rhythm is found.
HORIZON = timedelta(days=400)
MONDAY = 0


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The open hours of a week in an IANA time zone, and the days that are different.

    `windows` are those of each weekday (Monday is 0); a day that is missing is closed. On
    `holidays` nothing opens. On `extra_days` it is open as on Monday, whatever else the day is:
    these are the make-up working days (调休) that Chinese holidays bring, and beat `holidays`.

    The time zone is looked up when it is needed: one that does not exist raises
    `ZoneInfoNotFoundError` then, but never passes `from_json`.
    """

    timezone: str
    windows: Mapping[int, tuple[Window, ...]]
    holidays: frozenset[date] = frozenset()
    extra_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """One way to write the same hours: days in order without empty ones, windows in order."""
        tidy = {day: tuple(sorted(self.windows[day])) for day in sorted(self.windows)}
        filled = {day: windows for day, windows in tidy.items() if windows}
        object.__setattr__(self, "windows", filled)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """What opens on a date."""
        if day in self.extra_days:
            return self.windows.get(MONDAY, ())
        if day in self.holidays:
            return ()
        return self.windows.get(day.weekday(), ())

    def is_open(self, at: datetime) -> bool:
        """Whether work may run at this moment."""
        moment = at.astimezone(UTC)
        for opens, closes in self._openings(moment):
            if opens > moment:
                return False
            if closes > moment:
                return True
        return False

    def next_opening(self, after: datetime) -> datetime | None:
        """`after` itself while open, else when it opens next; `None` if not within 400 days."""
        moment = after.astimezone(UTC)
        for opens, closes in self._openings(moment):
            if opens > moment:
                return opens if opens - moment <= HORIZON else None
            if closes > moment:
                return after
        return None

    def closes_at(self, at: datetime) -> datetime | None:
        """The end of the open stretch around `at`; windows that adjoin are one stretch.

        `None` when it is closed, and when it does not close within 400 days.
        """
        moment = end = at.astimezone(UTC)
        for opens, closes in self._openings(moment):
            if opens > end:
                break
            end = max(end, closes)
        return end if moment < end <= moment + HORIZON else None

    def to_json(self) -> dict[str, object]:
        """Plain JSON, which `from_json` reads."""
        return {
            "timezone": self.timezone,
            "windows": {
                str(day): [[f"{each.opens:%H:%M}", f"{each.closes:%H:%M}"] for each in windows]
                for day, windows in self.windows.items()
            },
            "holidays": [day.isoformat() for day in sorted(self.holidays)],
            "extra_days": [day.isoformat() for day in sorted(self.extra_days)],
        }

    @classmethod
    def from_json(cls, data: object) -> WorkingHours:
        """The hours that `to_json` wrote; only the time zone has to be there.

        Raises:
            HoursInvalid: anything about it is wrong.
        """
        if not isinstance(data, Mapping):
            raise HoursInvalid("", _("Working hours are an object with a timezone and windows."))
        unknown = set(data) - {"timezone", "windows", "holidays", "extra_days"}
        if unknown:
            raise HoursInvalid(
                str(min(unknown, key=str)),
                _("Working hours have timezone, windows, holidays and extra_days, nothing else."),
            )
        return cls(
            timezone=read_timezone(data.get("timezone")),
            windows=read_windows(data.get("windows", {})),
            holidays=read_dates("holidays", data.get("holidays", [])),
            extra_days=read_dates("extra_days", data.get("extra_days", [])),
        )

    def _openings(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every window from before `moment` to beyond the horizon, in order of opening."""
        if not self.windows:
            return
        zone = ZoneInfo(self.timezone)
        # What is still open has opened yesterday at the earliest; one day more for the days that
        # whole countries have skipped.
        first = moment.astimezone(zone).date() - 2 * DAY
        for number in range(HORIZON.days + 5):
            day = first + number * DAY
            for window in self.windows_on(day):
                opens = moment_of(day, window.opens, zone)
                last = day + DAY if window.ends_next_day else day
                closes = moment_of(last, window.closes, zone)
                if opens < closes:  # else the clock skips all of it
                    yield opens, closes


def OFFICE_HOURS(timezone: str) -> WorkingHours:  # noqa: N802 - a constant but for the time zone
    """Monday to Friday, 9:00 to 18:00."""
    return WorkingHours(timezone, dict.fromkeys(range(5), (Window(time(9), time(18)),)))
