"""Where somebody stands who is about to ask: the working hours, and what is left of the quotas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Access
from accounts.models import Project
from generation.limits import Rules
from generation.queries.meters import Meter, meters_in_project
from generation.quotas import Who
from generation.usage_words import MeterWords
from generation.wording import moment_words


@dataclass(frozen=True, slots=True)
class HoursNote:
    """What asking comes to outside the working hours; `tone` is that of a banner."""

    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Usage:
    """The quota that will be in the way first, and the reader's own when that is another one."""

    tightest: MeterWords
    own: MeterWords | None


def standing(access: Access, project: Project, rules: Rules) -> dict[str, object]:
    """What the form says about now: `hours_note` and `usage`, each `None` when there is nothing."""
    now = timezone.now()
    meters = meters_in_project(access, project, rules, now=now)
    return {"hours_note": _hours_note(rules, now), "usage": _usage(meters)}


def _hours_note(rules: Rules, now: datetime) -> HoursNote | None:
    if rules.limits.is_open(now):
        return None
    opens = rules.limits.opens_at(now)
    if opens is None:
        return HoursNote(
            "warn", _("The working hours leave no time to make pictures in. Ask an admin.")
        )
    when = {"when": moment_words(opens, rules.time_zone, now)}
    if rules.limits.refuses_outside_hours:
        return HoursNote(
            "warn",
            _("Pictures can be asked for in the working hours only. They begin %(when)s.") % when,
        )
    return HoursNote(
        "info", _("Outside the working hours requests wait. Pictures start %(when)s.") % when
    )


def _usage(meters: list[Meter]) -> Usage | None:
    if not meters:
        return None
    tightest = meters[0]
    own = next((each for each in meters if each.quota.who == Who.PERSON), tightest)
    return Usage(MeterWords.of(tightest), None if own is tightest else MeterWords.of(own))
