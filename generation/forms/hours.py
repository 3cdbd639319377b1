"""The part of the form of a policy that says when pictures are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from generation.hours_text import read_timezone
from generation.limits import HoursRule
from generation.working_hours import (
    OFFICE_HOURS,
    HoursInvalid,
    WorkingHours,
    format_dates,
    format_windows,
    parse_dates,
    parse_windows,
)

DAYS = range(7)
# Old names and offsets that nobody types.
_ODD_ZONES = (
    "Etc/",
    "SystemV/",
    "US/",
    "Canada/",
    "Brazil/",
    "Chile/",
    "Mexico/",
    "posix",
    "right",
)
Parsed = TypeVar("Parsed")


@cache
def zones() -> list[str]:
    """The time zones to choose from, by name."""
    found = available_timezones()
    return sorted(each for each in found if "/" in each and not each.startswith(_ODD_ZONES))


class HoursFields(forms.Form):
    """Rule, a row of windows for each weekday, days that are different, and the time zone.

    Texts are read with `generation.working_hours`, which says in sentences what is wrong.
    """

    hours_rule = forms.ChoiceField(
        label=_("Pictures asked for outside the working hours"),
        required=False,
        widget=forms.RadioSelect,
    )
    hours_holidays = forms.CharField(
        label=_("Holidays"),
        max_length=4000,
        required=False,
        help_text=_("Days on which nothing opens, such as 2026-10-01..2026-10-07, 2027-01-01."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    hours_extra_days = forms.CharField(
        label=_("Make-up days"),
        max_length=4000,
        required=False,
        help_text=_("Days that are open as a Monday is, whatever else they are."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    hours_timezone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._time_zone = time_zone
        self.fields["hours_timezone"].widget.attrs["placeholder"] = time_zone
        for day in DAYS:
            self.fields[day_field(day)] = forms.CharField(
                label=WEEKDAYS[day],
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("closed")}),
            )

    def day_rows(self) -> list[forms.BoundField]:
        """The inputs of the week, Monday first."""
        return [self[day_field(day)] for day in DAYS]

    def clean(self) -> dict[str, Any]:
        """Read the texts into `hours`, and say beside each what is wrong with it."""
        cleaned = super().clean() or self.cleaned_data
        windows = {day: self._read(day_field(day), parse_windows) for day in DAYS}
        holidays = self._read("hours_holidays", parse_dates)
        extra_days = self._read("hours_extra_days", parse_dates)
        zone = self._read("hours_timezone", lambda text: read_timezone(text or self._time_zone))
        if self.errors:
            return cleaned
        hours = WorkingHours(
            zone or "",
            {day: found for day, found in windows.items() if found},
            holidays or frozenset(),
            extra_days or frozenset(),
        )
        if not hours.windows and cleaned["hours_rule"] in {HoursRule.KEEP, HoursRule.REFUSE}:
            self.add_error(
                day_field(0), _("Say when pictures are made, or choose another rule above.")
            )
        cleaned["hours"] = hours
        return cleaned

    def _read(self, name: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        """What a text means; nothing when it is refused, which is then said beside it."""
        if name not in self.cleaned_data:
            return None
        try:
            return parse(self.cleaned_data[name])
        except HoursInvalid as error:
            self.add_error(name, error.sentence)
            return None


def day_field(day: int) -> str:
    """The name of a weekday's input; Monday is 0."""
    return f"hours_{day}"


def typed_of(hours: WorkingHours) -> dict[str, str]:
    """The hours as the fields show them."""
    return {
        **{day_field(day): format_windows(hours.windows.get(day, ())) for day in DAYS},
        "hours_holidays": format_dates(hours.holidays),
        "hours_extra_days": format_dates(hours.extra_days),
        "hours_timezone": hours.timezone,
    }


def office_week() -> Iterator[tuple[str, str]]:
    """The rows of a week from Monday to Friday, 9:00 to 18:00; the weekend is closed."""
    typed = typed_of(OFFICE_HOURS("UTC"))
    return ((day_field(day), typed[day_field(day)]) for day in DAYS)
