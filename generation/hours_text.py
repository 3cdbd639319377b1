"""Windows and dates as people type them and as JSON has them. Pure.

What `generation.working_hours` is made of; it hands all public names on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _

# More than the holidays of a few years; a list that is longer was filled by mistake.
MOST_DATES = 200
DAY = timedelta(days=1)

_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_RANGE = re.compile(rf"({_DATE.pattern})(?:\s*(?:\.\.+|[-~至到]+)\s*({_DATE.pattern}))?", re.ASCII)
# What is left of Chinese and typographic punctuation after NFKC has made full-width characters
# narrow (and `…` three dots).
_PUNCTUATION = str.maketrans({"、": ",", ";": ",", "\n": ",", "–": "-", "—": "-", "−": "-"})
_PUNCTUATION |= str.maketrans({"〜": "~", "∼": "~", "‐": "-", "(": " ", ")": " "})


class HoursInvalid(ValueError):
    """Hours that cannot be used.

    `field` is the part of the JSON at fault, such as `timezone`, `holidays` or `windows.0` (that
    weekday); `sentence` says what is wrong and what to write instead, in the active language.
    """

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from `opens` until just before `closes`.

    `closes` at or before `opens` is on the next day; equal is a whole day of the clock.
    """

    opens: time
    closes: time

    @property
    def ends_next_day(self) -> bool:
        """Whether it goes past midnight, or up to it."""
        return self.closes <= self.opens


def parse_windows(text: str) -> tuple[Window, ...]:
    """The windows of one day as people type them: `9:00-12:00, 13:00-18:00`, in Chinese too.

    Nothing typed is no window: closed. `24:00` is the midnight at the end of the day.

    Raises:
        HoursInvalid: for the field `windows`.
    """
    return _windows("windows", [re.split(r"[-~至到]+", item) for item in _items(text)])


def format_windows(windows: Iterable[Window]) -> str:
    """The windows as `parse_windows` reads them."""
    return ", ".join(
        f"{each.opens:%H:%M}-{'24:00' if each.closes == time(0) else f'{each.closes:%H:%M}'}"
        for each in windows
    )


def parse_dates(text: str) -> frozenset[date]:
    """Dates and ranges of dates as people type them: `2026-10-01..2026-10-07, 2027/1/1`.

    Raises:
        HoursInvalid: for the field `dates`.
    """
    found: set[date] = set()
    for item in _items(text):
        match = _RANGE.fullmatch(item)
        if match is None:
            raise _bad_date("dates", item)
        first = _date("dates", match[1])
        last = _date("dates", match[5]) if match[5] else first
        if last < first:
            raise HoursInvalid(
                "dates",
                _("“%(text)s” ends before it begins. Write the earlier day first.")
                % {"text": _short(item)},
            )
        if (last - first).days >= MOST_DATES:
            raise _too_many("dates")
        found.update(first + number * DAY for number in range((last - first).days + 1))
    if len(found) > MOST_DATES:
        raise _too_many("dates")
    return frozenset(found)


def format_dates(dates: Iterable[date]) -> str:
    """The dates as `parse_dates` reads them; days in a row are written as a range."""
    runs: list[list[date]] = []
    for day in sorted(dates):
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0].isoformat()}..{run[-1].isoformat()}" if len(run) > 1 else run[0].isoformat()
        for run in runs
    )


def read_timezone(value: object) -> str:
    """The IANA name of a time zone that this machine knows, out of JSON."""
    try:
        if isinstance(value, str):
            return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones, as `Asia`
        pass
    raise HoursInvalid(
        "timezone",
        _("“%(text)s” is not a time zone. Write one such as Asia/Shanghai.")
        % {"text": _short(value)},
    )


def read_windows(value: object) -> dict[int, tuple[Window, ...]]:
    """The windows of each weekday, out of JSON."""
    if not isinstance(value, Mapping) or not set(value) <= set(map(str, range(7))):
        raise HoursInvalid(
            "windows", _("Windows are given by weekday, from 0 for Monday to 6 for Sunday.")
        )
    return {int(day): _windows(f"windows.{day}", pairs) for day, pairs in value.items()}


def read_dates(field: str, value: object) -> frozenset[date]:
    """A list of dates, out of JSON."""
    if not isinstance(value, list | tuple):
        raise _bad_date(field, value)
    if len(value) > MOST_DATES:
        raise _too_many(field)
    return frozenset(_date(field, each) for each in value)


def _items(text: str) -> list[str]:
    narrow = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)
    return [item.strip() for item in narrow.split(",") if item.strip()]


def _windows(field: str, pairs: object) -> tuple[Window, ...]:
    if not isinstance(pairs, list | tuple):
        raise _bad_window(field, pairs)
    windows = sorted(_window(field, pair) for pair in pairs)
    for one, other in pairwise(windows):
        if other.opens < one.closes or one.ends_next_day:
            raise HoursInvalid(
                field,
                _("%(one)s and %(other)s overlap. Join them, or end one before the other begins.")
                % {"one": format_windows([one]), "other": format_windows([other])},
            )
    return tuple(windows)


def _window(field: str, pair: object) -> Window:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise _bad_window(field, pair)
    opens, closes = _time(pair[0]), _time(pair[1], closing=True)
    if opens is None or closes is None:
        raise _bad_window(field, pair)
    return Window(opens, closes)


def _time(value: object, *, closing: bool = False) -> time | None:
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if closing and (hour, minute) == (24, 0):
        return time(0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _date(field: str, value: object) -> date:
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:  # the 30th of February
        pass
    raise _bad_date(field, value)


def _bad_window(field: str, value: object) -> HoursInvalid:
    text = "-".join(map(str, value)) if isinstance(value, list | tuple) else value
    return HoursInvalid(
        field,
        _("“%(text)s” is not a span of hours. Write it such as 9:00-18:00.")
        % {"text": _short(text)},
    )


def _bad_date(field: str, value: object) -> HoursInvalid:
    return HoursInvalid(
        field, _("“%(text)s” is not a date. Write it such as 2026-10-01.") % {"text": _short(value)}
    )


def _too_many(field: str) -> HoursInvalid:
    return HoursInvalid(
        field,
        _("At most %(most)d dates can be kept here. Remove those that are past.")
        % {"most": MOST_DATES},
    )


def _short(value: object) -> str:
    """What somebody gave, as far as it helps to find it."""
    text = "" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
