"""How much may be made in a day or a month, and what is left of it. Pure.

A quota says how many pictures or GPU seconds one person, or everybody together, may have of a
project or an organization in a calendar day or month. What counts is told by the caller as `Use`;
this module decides, and says it in words.

It is asked twice. When pictures are asked for, what waits and runs counts too (`exceeded`), so that
nobody lines up more than they may have. When a picture is about to start, only what is made and
running counts (`spent`): the picture waits for the next day or month if the estimates were too low.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _

from generation.quota_sentences import SENTENCES
from generation.wall_clock import moment_of

# GPU seconds are sums of estimates; what is lost in adding them must not refuse anybody.
TOLERANCE = 1e-6
# From here on seconds are told as minutes.
LARGE_SECONDS = 120


class Period(StrEnum):
    """How long until a quota starts anew: a day or a month of the calendar."""

    DAY = "day"
    MONTH = "month"


class Unit(StrEnum):
    """What is counted."""

    IMAGES = "images"
    GPU_SECONDS = "gpu_seconds"


class Who(StrEnum):
    """Whose use is counted: that of each person, or of all together."""

    PERSON = "person"
    EVERYBODY = "everybody"


class Scope(StrEnum):
    """Where use is counted."""

    PROJECT = "project"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Quota:
    """No more than `most` of `unit` in a `period`; zero is nothing at all."""

    scope: Scope
    who: Who
    unit: Unit
    period: Period
    most: float


@dataclass(frozen=True, slots=True)
class Use:
    """What was used of a quota in this period, in its unit.

    `used` is finished; `reserved` waits or runs, estimated where nobody knows yet.
    """

    used: float = 0.0
    reserved: float = 0.0


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A quota that does not allow what was asked, in its unit.

    `used` is all that counts against it, reserved or not; `resets_at` is when it starts anew, as a
    clock in its time zone shows it.
    """

    quota: Quota
    used: float
    asked: float
    resets_at: datetime

    @property
    def left(self) -> float:
        """What could still be had; never below zero."""
        return max(0.0, self.quota.most - self.used)

    @property
    def never_fits(self) -> bool:
        """Whether it is too much even for a period that just began, so that waiting is no use."""
        return self.asked > self.quota.most + TOLERANCE


def period_start(period: Period, now: datetime, timezone: str) -> datetime:
    """When the day or month around `now` began, as a clock in the IANA `timezone` shows it.

    Raises:
        ZoneInfoNotFoundError: there is no such time zone.
    """
    zone = ZoneInfo(timezone)
    return _midnight(_first_day(period, now.astimezone(zone).date()), zone)


def resets_at(period: Period, now: datetime, timezone: str) -> datetime:
    """When the next day or month begins, as a clock in the IANA `timezone` shows it.

    Raises:
        ZoneInfoNotFoundError: there is no such time zone.
    """
    zone = ZoneInfo(timezone)
    first = _first_day(period, now.astimezone(zone).date())
    # 32 days after the first of a month is always in the month after it.
    later = first + timedelta(days=1 if period == Period.DAY else 32)
    return _midnight(_first_day(period, later), zone)


def exceeded(
    quotas: Iterable[Quota],
    uses: Mapping[Quota, Use],
    *,
    asked_images: int,
    asked_seconds: float,
    now: datetime,
    timezone: str,
) -> list[Exceeded]:
    """The quotas that do not allow to ask for this, in their order; empty when all do.

    `asked_seconds` is the estimate for all the pictures. A quota without a use was not used.
    """
    return [
        Exceeded(quota, taken, asked, resets_at(quota.period, now, timezone))
        for quota in quotas
        for use in (uses.get(quota, Use()),)
        for taken in (use.used + use.reserved,)
        for asked in (_asked(quota, asked_images, asked_seconds),)
        if taken + asked > quota.most + TOLERANCE
    ]


def spent(
    quotas: Iterable[Quota],
    uses: Mapping[Quota, Use],
    *,
    images: int,
    seconds: float,
    now: datetime,
    timezone: str,
) -> Exceeded | None:
    """Why a picture cannot start now, or `None` when it can.

    `Use.used` holds what is made and what is running; `Use.reserved` is not looked at. Of several
    quotas it is the one that keeps the picture longest: one that it never fits, else the one that
    starts anew last.
    """
    running = {quota: Use(used=use.used) for quota, use in uses.items()}
    found = exceeded(
        quotas, running, asked_images=images, asked_seconds=seconds, now=now, timezone=timezone
    )
    return max(found, key=lambda each: (each.never_fits, each.resets_at), default=None)


def share(quota: Quota, use: Use) -> float:
    """How full a quota is, from 0 to 1, with what is reserved; one of nothing is full."""
    if quota.most <= 0:
        return 1.0
    return min(1.0, max(0.0, (use.used + use.reserved) / quota.most))


def quota_words(exceeded: Exceeded, *, now: datetime) -> str:
    """What is used up, of how much, and what helps: when it starts anew, or asking for less."""
    quota = exceeded.quota
    sentences = SENTENCES[quota.scope, quota.who, quota.unit, quota.period]
    if exceeded.never_fits:
        sentence = sentences.never_fits
    elif exceeded.left < 1:  # less than a picture, or a second that nobody can use
        sentence = sentences.used_up
    else:
        sentence = sentences.some_left
    return str(
        sentence
        % {
            # What decides between "picture" and "pictures".
            "count": round(exceeded.asked if exceeded.never_fits else quota.most),
            "used": amount_words(quota.unit, exceeded.used),
            "most": amount_words(quota.unit, quota.most),
            "left": amount_words(quota.unit, exceeded.left, rounded=math.floor),
            "asked": amount_words(quota.unit, exceeded.asked, rounded=math.ceil),
            "time": date_format(exceeded.resets_at, "H:i"),
            "date": date_format(exceeded.resets_at, "DATE_FORMAT"),
            "wait": timeuntil(exceeded.resets_at.astimezone(UTC), now.astimezone(UTC), depth=1),
        }
    )


def amount_words(unit: Unit, amount: float, *, rounded: Callable[[float], int] = round) -> str:
    """An amount for people: a bare number of pictures; GPU time as `90 s` or `12 min`."""
    if unit == Unit.IMAGES:
        return _number(rounded(amount))
    if amount < LARGE_SECONDS:
        return _("%(count)s s") % {"count": _number(rounded(amount))}
    return _("%(count)s min") % {"count": _number(rounded(amount / 60))}


def _number(value: int) -> str:
    return number_format(value, decimal_pos=0, force_grouping=True)


def _asked(quota: Quota, images: int, seconds: float) -> float:
    return images if quota.unit == Unit.IMAGES else seconds


def _first_day(period: Period, day: date) -> date:
    return day if period == Period.DAY else day.replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return moment_of(day, time(0), zone).astimezone(zone)
