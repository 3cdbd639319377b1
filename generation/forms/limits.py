"""The form of a policy, of an organization or of one project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import InvalidInput
from generation.forms.hours import HoursFields, office_week, typed_of
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
from generation.policy_words import hours_words, label_of, number_words, retention_words
from generation.working_hours import WorkingHours

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


class PolicyForm(HoursFields):
    """Everything that a policy can say. Empty is nothing: what holds then is the placeholder."""

    every_model = forms.BooleanField(required=False)
    allowed_models = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Models"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shrink = forms.TypedChoiceField(
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        values: PolicyValues,
        place: Place,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        initial = {**_typed(values, place), **(typed or {})}
        super().__init__(data, initial=initial, time_zone=place.time_zone)
        self._values = values
        self._place = place
        for name in NUMBERS:
            self.fields[name] = _number(name, values, place)
        self._offer_choices()

    @classmethod
    def with_office_hours(
        cls, typed: QueryDict, *, values: PolicyValues, place: Place
    ) -> PolicyForm:
        """The form as it was typed, with the hours of an office filled in; nothing is checked."""
        kept: dict[str, Any] = typed.dict()
        kept["allowed_models"] = typed.getlist("allowed_models")
        kept["every_model"] = "every_model" in typed
        kept |= dict(office_week())
        if kept.get("hours_rule", "") in {"", HoursRule.ALWAYS}:
            kept["hours_rule"] = HoursRule.KEEP
        return cls(values=values, place=place, typed=kept)

    def numbers(self, names: Sequence[str]) -> list[forms.BoundField]:
        """The inputs of some numbers."""
        return [self[name] for name in names]

    def sizes(self) -> list[forms.BoundField]:
        """How large one request may be."""
        return self.numbers(SIZE)

    def at_once(self) -> list[forms.BoundField]:
        """How much there may be at once."""
        return self.numbers(AT_ONCE)

    def per_person(self) -> list[forms.BoundField]:
        """Quotas of each person."""
        return self.numbers(PER_PERSON)

    def together(self) -> list[forms.BoundField]:
        """Quotas of everybody together."""
        return self.numbers(TOGETHER)

    def clean(self) -> dict[str, Any]:
        """Look at what belongs together."""
        cleaned = super().clean()
        if not cleaned.get("every_model") and not cleaned.get("allowed_models"):
            self.add_error("allowed_models", _("Choose at least one model, or every model."))
        return cleaned

    def to_values(self) -> PolicyValues:
        """The valid form as a policy."""
        data = self.cleaned_data
        return PolicyValues(
            **{name: data[name] for name in NUMBERS},
            allowed_models=None if data["every_model"] else data["allowed_models"],
            hours_rule=data["hours_rule"],
            hours=self._hours(data["hours_rule"], data["hours"]),
            shrink=data["shrink"],
        )

    def explain(self, error: InvalidInput) -> None:
        """Show what the action refused beside the input at fault."""
        self.add_error(error.field if error.field in self.fields else None, error.sentence)

    def _hours(self, rule: str, typed: WorkingHours) -> dict[str, object] | None:
        """What to keep of the rows: nothing where the rule comes from above.

        At all hours they say nothing, but are kept for the day on which the rule changes again.
        """
        if rule == "":
            return None
        unchanged = typed == _hours_of(self._values, self._place)
        if rule == HoursRule.ALWAYS and self._values.hours is None and unchanged:
            return None
        return typed.to_json()

    def _offer_choices(self) -> None:
        place, above = self._place, self._place.above
        in_project = place.organization is not None
        from_above = (
            _("As the organization says: %(rule)s") if in_project else _("As usual: %(rule)s")
        )
        field = cast("forms.ChoiceField", self.fields["hours_rule"])
        field.choices = [
            ("", from_above % {"rule": place.rule_words}),
            *HoursRule.choices,
        ]
        field = cast("forms.ChoiceField", self.fields["allowed_models"])
        chosen = set(self._values.allowed_models or ())
        offered = [
            model
            for model in place.models
            if model.pk in chosen
            or (model.is_enabled and model.pk in (above.allowed_models or [model.pk]))
        ]
        field.choices = [(str(model.pk), str(model)) for model in offered]
        self.fields["every_model"].label = (
            _("Every model that the organization allows")
            if in_project
            else _("Every model, those to come as well")
        )
        said = _("yes") if above.shrink else _("no")
        as_above = _("As the organization: %(said)s") if in_project else _("As usual: %(said)s")
        field = cast("forms.ChoiceField", self.fields["shrink"])
        field.label = label_of("shrink")
        field.choices = [("", as_above % {"said": said}), ("yes", _("Yes")), ("no", _("No"))]


def _typed(values: PolicyValues, place: Place) -> dict[str, Any]:
    """The policy as the fields show it."""
    rule = values.hours_rule or ("" if values.hours is None else place.rule_above)
    return {
        **{name: getattr(values, name) for name in NUMBERS},
        "every_model": values.allowed_models is None,
        "allowed_models": values.allowed_models or [],
        "hours_rule": rule,
        **typed_of(_hours_of(values, place)),
        "shrink": "" if values.shrink is None else "yes" if values.shrink else "no",
    }


def _hours_of(values: PolicyValues, place: Place) -> WorkingHours:
    if values.hours is not None:
        return WorkingHours.from_json(values.hours)
    return hours_above(place.above, place.time_zone)


def _number(name: str, values: PolicyValues, place: Place) -> forms.IntegerField:
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
    return " ".join(sentences)


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
