"""Policies in words: what one says, what holds, and what a change has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, cast

from django.db import models
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.limits import QUOTA_FIELDS, HoursRule, Limits, PolicyValues, Rules
from generation.models import ModelVersion, UsagePolicy
from generation.quotas import Quota, Scope, amount_words
from generation.wording import moment_words
from generation.working_hours import HoursInvalid, WorkingHours, format_dates, format_windows

_COLUMN_OF_QUOTA = {kind: name for name, kind in QUOTA_FIELDS.items()}
_COLUMNS_OF_CAPS = {
    "max_running_per_person": "per_person",
    "max_running": "everybody",
    "max_people_running": "people",
    "max_waiting_per_person": "waiting_per_person",
    "max_requests_per_minute": "requests_per_minute",
}
# A trail is read at a glance: of a long list of days the first ones tell which it is.
MOST_DAYS = 60  # characters


@dataclass(frozen=True, slots=True)
class Facts:
    """Some of what holds under one heading: labels, and one line or more for each."""

    title: str
    rows: Sequence[tuple[str, Sequence[str]]]


def label_of(name: str) -> str:
    """What a value of a policy is called."""
    column = cast("models.Field[Any, Any]", UsagePolicy._meta.get_field(name))
    return str(capfirst(column.verbose_name))


def number_words(value: int | None) -> str:
    """A number of a policy."""
    return _("no limit") if value is None else number_format(value, force_grouping=True)


def hours_words(hours: WorkingHours) -> list[str]:
    """The open hours of a week, a line for days in a row that are alike: `Mon–Fri 09:00-18:00`."""
    lines = []
    days = [(day, hours.windows.get(day, ())) for day in range(7)]
    for windows, alike in groupby(days, key=lambda each: each[1]):
        if not windows:
            continue
        first, *rest = [day for day, _windows in alike]
        lines.append(
            _("%(first)s–%(last)s %(windows)s")
            % {
                "first": WEEKDAYS_ABBR[first],
                "last": WEEKDAYS_ABBR[rest[-1]],
                "windows": format_windows(windows),
            }
            if rest
            else _("%(day)s %(windows)s")
            % {"day": WEEKDAYS_ABBR[first], "windows": format_windows(windows)}
        )
    return lines or [_("never")]


def opening_words(rules: Rules, now: datetime) -> str:
    """Whether pictures are made now, else when they are."""
    if rules.limits.is_open(now):
        return _("Open now")
    opens = rules.limits.opens_at(now)
    if opens is None:
        return _("Closed, and no opening is set")
    return _("Closed now, opens %(when)s") % {"when": moment_words(opens, rules.time_zone, now)}


def facts_of(
    rules: Rules, *, known: Sequence[ModelVersion], now: datetime, in_project: bool
) -> list[Facts]:
    """Everything that holds, with the defaults; what nobody limits is left out of the quotas."""
    limits = rules.limits
    allowed = [str(model) for model in known if limits.allows_model(model.pk)]
    quotas = [_quota_row(quota, in_project=in_project) for quota in rules.quotas]
    return [
        Facts(_("One request"), _size_rows(limits)),
        Facts(_("At once and waiting"), list(_cap_rows(rules, in_project=in_project))),
        Facts(_("Quotas"), quotas or [(_("Pictures and GPU time"), [_("no limit")])]),
        Facts(_("Working hours"), list(_hours_rows(rules, now))),
        Facts(
            _("Models, memory, keeping"),
            [
                (
                    _("Models"),
                    [_("every model")] if limits.allowed_models is None else allowed or [_("none")],
                ),
                (label_of("shrink"), [_("yes") if limits.shrinks else _("no")]),
                (label_of("retention_days"), [retention_words(rules.retention_days)]),
            ],
        ),
    ]


def retention_words(days: int | None) -> str:
    """How long finished requests are kept."""
    if days is None:
        return _("for good")
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def change_words(data: Mapping[str, Any]) -> Iterator[str]:
    """What a recorded change has changed, a line for each value: before → after."""
    said = data.get("changed")
    changed = said if isinstance(said, dict) else {}
    for name in _NAMES:
        pair = changed.get(name)
        if not isinstance(pair, list) or len(pair) != 2:
            continue  # not changed, or written by a version that knew other values
        before, after = (value_words(name, value) for value in pair)
        yield _("%(label)s: %(before)s → %(after)s") % {
            "label": label_of(name),
            "before": before,
            "after": after,
        }


def deletion_words(data: Mapping[str, Any]) -> Iterator[str]:
    """How many finished requests were deleted, a line for each project that had any."""
    before, counts = data.get("before", {}), data.get("counts", {})
    for project, day in before.items():
        if counts.get(project):
            yield _("%(project)s: %(count)d, finished before %(date)s") % {
                "project": project,
                "count": counts[project],
                "date": date_format(date.fromisoformat(day), "DATE_FORMAT"),
            }


def value_words(name: str, value: Any) -> str:
    """One value of a policy, as it was written; `None` and nothing say nothing."""
    if value is None or value == "":
        return _("not set")
    if name in QUOTA_FIELDS:
        return amount_words(QUOTA_FIELDS[name][1], value)
    return _WORDS_OF.get(name, number_words)(value)


def _hours_in_short(value: Any) -> str:
    try:
        hours = WorkingHours.from_json(value)
    except HoursInvalid:
        return "…"
    parts = [*hours_words(hours), hours.timezone]
    if hours.holidays:
        parts.append(_("holidays %(days)s") % {"days": _days_in_short(hours.holidays)})
    if hours.extra_days:
        parts.append(_("make-up days %(days)s") % {"days": _days_in_short(hours.extra_days)})
    return "; ".join(parts)


def _days_in_short(days: Iterable[date]) -> str:
    words = format_dates(days)
    return words if len(words) <= MOST_DAYS else f"{words[:MOST_DAYS].rsplit(',', 1)[0]}, …"


def _rule_words(value: Any) -> str:
    return str(HoursRule(value).label) if value in HoursRule.values else str(value)


_WORDS_OF: Mapping[str, Callable[[Any], str]] = {
    "hours": _hours_in_short,
    "hours_rule": _rule_words,
    "shrink": lambda value: _("yes") if value else _("no"),
    "allowed_models": lambda value: ", ".join(map(str, value)) or _("none"),
    "retention_days": retention_words,
}


# In the order of the form; databases keep the keys of JSON in an order of their own.
_NAMES = tuple(field.name for field in fields(PolicyValues))


def _size_rows(limits: Limits) -> list[tuple[str, Sequence[str]]]:
    steps = _("%(least)s to %(most)s") % {"least": limits.min_steps, "most": limits.max_steps}
    return [
        (label_of("max_side"), [number_words(limits.max_side)]),
        (label_of("max_pixels"), [number_words(limits.max_pixels)]),
        (_("Steps"), [steps]),
        (label_of("max_images_per_request"), [number_words(limits.max_images_per_request)]),
    ]


def _cap_rows(rules: Rules, *, in_project: bool) -> Iterator[tuple[str, Sequence[str]]]:
    for column, name in _COLUMNS_OF_CAPS.items():
        own, above = (getattr(caps, name) for caps in (rules.project_caps, rules.organization_caps))
        lines = []
        if own is not None:
            lines.append(_("%(number)s in this project") % {"number": number_words(own)})
        if not in_project or (own is None and above is None):
            lines.append(number_words(above))
        elif above is not None:
            lines.append(_("%(number)s in the organization") % {"number": number_words(above)})
        yield label_of(column), lines


def _quota_row(quota: Quota, *, in_project: bool) -> tuple[str, Sequence[str]]:
    label = label_of(_COLUMN_OF_QUOTA[quota.who, quota.unit, quota.period])
    most = amount_words(quota.unit, quota.most)
    if not in_project:
        return label, [most]
    if quota.scope == Scope.PROJECT:
        return label, [_("%(number)s in this project") % {"number": most}]
    return label, [_("%(number)s in the organization") % {"number": most}]


def _hours_rows(rules: Rules, now: datetime) -> Iterator[tuple[str, Sequence[str]]]:
    limits = rules.limits
    if not limits.hours:
        yield _("Pictures are made"), [_("at any time")]
        return
    lines = []
    for hours in limits.hours:
        lines += hours_words(hours)
        if hours.timezone != rules.time_zone:
            lines.append(hours.timezone)
    yield _("Pictures are made"), lines
    for label, days in (
        (_("Holidays"), {day for hours in limits.hours for day in hours.holidays}),
        (_("Make-up days"), {day for hours in limits.hours for day in hours.extra_days}),
    ):
        if coming := {day for day in days if day >= now.date() - timedelta(days=1)}:
            yield label, [_days_in_short(coming)]
    refuses = limits.refuses_outside_hours
    yield _("Outside these hours"), [_("requests are refused") if refuses else _("requests wait")]
    yield _("Now"), [opening_words(rules, now)]
