"""From what a clock on the wall shows to the moment it is. Pure."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When a clock in `zone` first shows `at` or later on `day`; in UTC.

    An hour that is shown twice counts the first time. A time that is skipped is the moment of the
    skip, so that of two times the later never comes first, and two days always adjoin.
    """
    shown = datetime.combine(day, at, tzinfo=zone)
    moment = shown.replace(fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return moment
    return _skip(shown.replace(fold=1).astimezone(UTC), moment, zone)


def _skip(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second between the two at which the clock has been moved."""
    moved = after.astimezone(zone).utcoffset()
    seconds = bisect_left(
        range(int((after - before).total_seconds())),
        True,  # noqa: FBT003 - what is searched for
        key=lambda second: (
            (before + timedelta(seconds=second)).astimezone(zone).utcoffset() == moved
        ),
    )
    return before + timedelta(seconds=seconds)
