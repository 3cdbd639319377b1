"""When pictures shall start: the part of a form that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generation.limits import Limits
from generation.start_times import FURTHEST, first_start_tonight, why_not_at
from generation.types import JobLane
from generation.wall_clock import moment_of
from generation.wording import moment_words

SHOWN = "%Y-%m-%dT%H:%M"


class When(TextChoices):
    """The choices of the form: a lane, or a time."""

    NOW = "now", _("At once")
    BACKGROUND = "background", _("No hurry")
    IDLE = "idle", _("When the GPU is idle")
    TONIGHT = "tonight", _("Tonight")
    AT = "at", _("At a time")


LANES = {
    When.NOW: JobLane.INTERACTIVE,
    When.BACKGROUND: JobLane.BACKGROUND,
    When.IDLE: JobLane.IDLE,
}
WHEN_OF_LANE = {lane: when for when, lane in LANES.items()}


@dataclass(frozen=True, slots=True)
class Clock:
    """What decides when work may start in one project: its limits, and the zone of its times."""

    limits: Limits
    time_zone: str


class MomentField(forms.Field):
    """A day and a time as a clock in `time_zone` shows them; the value is aware."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=SHOWN)
    default_error_messages = {"invalid": _("Choose a day and a time.")}
    time_zone = "UTC"

    def to_python(self, value: Any) -> datetime | None:
        """The moment; `None` when nothing was chosen."""
        if value in self.empty_values:
            return None
        try:
            shown = datetime.fromisoformat(str(value).strip()).replace(tzinfo=None)
            return moment_of(shown.date(), shown.time(), ZoneInfo(self.time_zone))
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """What the input shows: the minute there."""
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(ZoneInfo(self.time_zone)).strftime(SHOWN)
        return value

    def offer(self, time_zone: str, now: datetime) -> None:
        """Take times of this zone, and tell the browser between which ones."""
        self.time_zone = time_zone
        self.widget.attrs |= {
            "min": self.prepare_value(now),
            "max": self.prepare_value(now + FURTHEST),
        }


class StartChoice(forms.Form):
    """Asks when to start: at once, without hurry, in the night, at a time.

    A form that has this as a base calls `offer_start` when it is made.
    """

    start = forms.ChoiceField(
        label=_("Start"),
        choices=When.choices,
        required=False,
        initial=When.NOW,
        widget=forms.RadioSelect,
    )
    start_at = MomentField(label=_("Day and time"), required=False)

    def offer_start(self, clock: Clock) -> None:
        """Know the working hours and the time zone of the project."""
        self.clock = clock
        self.now = timezone.now()
        self._moment_field().offer(clock.time_zone, self.now)

    def clean(self) -> dict[str, Any]:
        """Refuse a time that cannot be chosen; `start_at` is `None` where no time was asked for."""
        cleaned = super().clean() or self.cleaned_data
        when = When(cleaned.get("start") or When.NOW)
        cleaned["start"] = when
        if when == When.TONIGHT:
            cleaned["start_at"] = first_start_tonight(
                self.clock.limits, self.now, self.clock.time_zone
            )
        elif when != When.AT:
            cleaned["start_at"] = None
            self._errors.pop("start_at", None)  # type: ignore[attr-defined]  # nobody asked for it
        elif "start_at" in cleaned:
            self._check_time(cleaned["start_at"])
        return cleaned

    @property
    def lane(self) -> JobLane:
        """The lane of the valid form's choice."""
        return LANES.get(self.cleaned_data["start"], JobLane.INTERACTIVE)

    @property
    def time_zone(self) -> str:
        """The zone that times are shown in."""
        return self.clock.time_zone

    def start_hints(self) -> list[tuple[str, str | Promise]]:
        """What each choice means now, by its value."""
        return [
            (When.NOW.value, self._now_words()),
            (When.BACKGROUND.value, _("Starts when nobody is waiting for a picture of theirs.")),
            (When.IDLE.value, _("Starts when nothing else waits, not even work without hurry.")),
            (When.TONIGHT.value, self._tonight_words()),
            (When.AT.value, self._at_words()),
        ]

    def _check_time(self, moment: datetime | None) -> None:
        if moment is None:
            self.add_error("start_at", _("Choose a day and a time."))
        elif refusal := why_not_at(moment, self.now):
            self.add_error("start_at", refusal)

    def _now_words(self) -> str:
        opens = self.clock.limits.opens_at(self.now)
        if opens is None or opens <= self.now or self.clock.limits.refuses_outside_hours:
            return ""
        return gettext("The working hours begin %(when)s; it waits until then.") % {
            "when": self._words(opens)
        }

    def _tonight_words(self) -> str:
        starts = first_start_tonight(self.clock.limits, self.now, self.clock.time_zone)
        if starts is None:
            return gettext("It is night already: starts at once.")
        if not self.clock.limits.hours:
            return gettext("Starts %(when)s.") % {"when": self._words(starts)}
        return gettext("Starts %(when)s, within the working hours.") % {"when": self._words(starts)}

    def _at_words(self) -> str:
        if self.clock.limits.hours and not self.clock.limits.refuses_outside_hours:
            return gettext(
                "Time zone: %(zone)s. Outside the working hours it starts when they begin."
            ) % {"zone": self.clock.time_zone}
        return gettext("Time zone: %(zone)s.") % {"zone": self.clock.time_zone}

    def _words(self, moment: datetime) -> str:
        return moment_words(moment, self.clock.time_zone, self.now)

    def _moment_field(self) -> MomentField:
        field = self.fields["start_at"]
        if not isinstance(field, MomentField):
            raise TypeError(type(field))
        return field


def start_of(lane: int, start_at: datetime | None) -> dict[str, Any]:
    """The values of the form's fields for work that waits in a lane, or until a time."""
    if start_at is not None:
        return {"start": When.AT.value, "start_at": start_at}
    return {"start": WHEN_OF_LANE[JobLane(lane)].value}
