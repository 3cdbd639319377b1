"""When pictures that are asked for later may start. Pure: times in, times and sentences out."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from generation.limits import Limits
from generation.wall_clock import moment_of

FURTHEST = timedelta(days=30)
EVENING = time(20)
NIGHT_ENDS = time(5)
# Clocks in forms show minutes: the present one has begun already when it is chosen.
GRACE = timedelta(minutes=1)


def tonight(now: datetime, time_zone: str) -> datetime:
    """20:00 today in the IANA `time_zone`; `now` itself while it is night there, until 5:00."""
    zone = ZoneInfo(time_zone)
    there = now.astimezone(zone)
    if there.time() >= EVENING or there.time() < NIGHT_ENDS:
        return now
    return moment_of(there.date(), EVENING, zone)


def why_not_at(moment: datetime, now: datetime) -> str:
    """The sentence that refuses a time to start; empty when it can be chosen."""
    if moment < now - GRACE:
        return _("This time has passed. Choose a later one.")
    if moment > now + FURTHEST:
        return _("Choose a time within the next %(days)d days.") % {"days": FURTHEST.days}
    return ""


def first_start(moment: datetime | None, limits: Limits, now: datetime) -> datetime | None:
    """When a picture that is wanted at `moment` joins the line; `None` says at once.

    Where work outside the working hours is kept, that is when they begin next; where it is refused
    the moment stays what it is, for others to refuse.
    """
    if moment is None or moment <= now:
        return None
    if limits.refuses_outside_hours:
        return moment
    return limits.opens_at(moment) or moment


def first_start_tonight(limits: Limits, now: datetime, time_zone: str) -> datetime | None:
    """When a picture that is wanted tonight joins the line; `None` says at once.

    In every case within the working hours: nobody has chosen a time outside of them.
    """
    evening = tonight(now, time_zone)
    opening = limits.opens_at(evening) or evening
    return opening if opening > now else None
