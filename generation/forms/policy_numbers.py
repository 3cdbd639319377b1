"""The numbers in the form of a policy: which there are, and what each says about the one above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from generation.limits import (
    DEFAULT_HOURS_RULE,
    DEFAULTS,
    NOTHING_SAID,
    QUOTA_FIELDS,
    HoursRule,
    PolicyValues,
    hours_above,
)
from generation.models import ModelVersion, UsagePolicy
from generation.policy_words import hours_words, number_words, retention_words

SIZE = ("max_side", "max_pixels", "min_steps", "max_steps", "max_images_per_request")
# Counted in the scope that states them: a project's own stands beside the organization's.
AT_ONCE = (
    "max_running_per_person",
    "max_people_running",
    "max_running",
    "max_waiting_per_person",
    "max_requests_per_minute",
)
PER_PERSON = tuple(name for name in QUOTA_FIELDS if name.startswith("person_"))
TOGETHER = tuple(name for name in QUOTA_FIELDS if not name.startswith("person_"))
COUNTED = frozenset((*AT_ONCE, *PER_PERSON, *TOGETHER))
NUMBERS = (*SIZE, *AT_ONCE, *PER_PERSON, *TOGETHER, "retention_days")

HELP: Mapping[str, Promise] = {
    "max_side": gettext_lazy(
        "Twice the side is four times the pixels, and as much more of the GPU."
    ),
    "max_pixels": gettext_lazy("Width times height: 1024 × 1024 are 1048576."),
    "max_steps": gettext_lazy("Z-Image-Turbo needs 8."),
    "max_images_per_request": gettext_lazy("How many pictures can be asked for at once."),
    "max_running_per_person": gettext_lazy(
        "How many workers one person can keep busy, so that the others get their turn."
    ),
    "max_people_running": gettext_lazy("How many people can have a picture being made."),
    "max_waiting_per_person": gettext_lazy("How many pictures one person can have in the line."),
    "max_requests_per_minute": gettext_lazy("Stops a script that runs wild."),
    "person_gpu_seconds_per_day": gettext_lazy("An hour has 3600."),
    "gpu_seconds_per_day": gettext_lazy("An hour has 3600."),
    "retention_days": gettext_lazy(
        "Requests that were finished longer ago are deleted, with their place in the lists. "
        "Their pictures stay in the archive with everything that is known about them."
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose policy the form is about. `organization` is what the one above says; an organization
    has nothing above it but the usual limits.
    """

    time_zone: str
    models: Sequence[ModelVersion]
    organization: PolicyValues | None = None

    @property
    def above(self) -> PolicyValues:
        """What holds where this policy says nothing, without the usual limits."""
        return self.organization or NOTHING_SAID

    @property
    def rule_above(self) -> HoursRule:
        """The rule that holds where this policy has none."""
        return HoursRule(self.above.hours_rule or DEFAULT_HOURS_RULE)

    @property
    def rule_words(self) -> str:
        """That rule, and the hours that it is about."""
        rule = str(self.rule_above.label)
        if self.rule_above == HoursRule.ALWAYS:
            return rule
        return f"{rule} ({', '.join(hours_words(hours_above(self.above, self.time_zone)))})"


def number_field(name: str, values: PolicyValues, place: Place) -> forms.IntegerField:
    """The input of one number, with what holds while it is empty and what holds beside it."""
    column = cast("models.Field[int, int]", UsagePolicy._meta.get_field(name))
    field = forms.IntegerField(
        label=capfirst(column.verbose_name),
        required=False,
        help_text=_help(name, getattr(values, name), place),
        min_value=_bound(column, MinValueValidator),
        max_value=_bound(column, MaxValueValidator),
    )
    field.widget.attrs |= {"placeholder": _placeholder(name, place), "inputmode": "numeric"}
    return field


def _bound(
    column: models.Field[int, int], kind: type[MinValueValidator | MaxValueValidator]
) -> int:
    """What the column's validators allow, for the browser as well."""
    found: int = next(each.limit_value for each in column.validators if type(each) is kind)
    return found


def _help(name: str, own: int | None, place: Place) -> str:
    sentences = [str(HELP[name])] if name in HELP else []
    if place.organization is not None:
        above = _above(name, place.organization)
        if above is not None and name in COUNTED:
            beside = _("The organization's own limit of %(number)s holds as well.")
            sentences.append(beside % {"number": number_words(above)})
        elif above is not None and own is not None and _is_looser(name, own, above):
            instead = _("The organization says %(number)s, and that is what holds.")
            sentences.append(instead % {"number": number_words(above)})
    return format_html_join(mark_safe("<br>"), "{}", ([sentence] for sentence in sentences))


def _is_looser(name: str, own: int, above: int) -> bool:
    return own < above if name == "min_steps" else own > above


def _above(name: str, organization: PolicyValues) -> int | None:
    """What the organization says, or the usual limit."""
    said: int | None = getattr(organization, name)
    return DEFAULTS.get(name) if said is None else said


def _placeholder(name: str, place: Place) -> str:
    """What holds while the input is empty."""
    if place.organization is None:
        return _("usual: %(number)s") % {"number": _plain(name, DEFAULTS.get(name))}
    if name in COUNTED:
        return _("none of its own")
    above = _plain(name, _above(name, place.organization))
    return _("as the organization says: %(number)s") % {"number": above}


def _plain(name: str, value: int | None) -> str:
    if name == "retention_days":
        return retention_words(value)
    return number_words(value) if value is None else str(value)
