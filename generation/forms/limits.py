"""The form of a policy, of an organization or of one project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import InvalidInput
from generation.forms.hours import HoursFields, office_week, typed_of
from generation.forms.policy_numbers import (
    AT_ONCE,
    NUMBERS,
    PER_PERSON,
    SIZE,
    TOGETHER,
    Place,
    number_field,
)
from generation.limits import HoursRule, PolicyValues, hours_above
from generation.policy_words import label_of
from generation.working_hours import WorkingHours


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
            self.fields[name] = number_field(name, values, place)
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

    def focus_first_error(self) -> None:
        """Let the browser go to what is wrong: the form is long."""
        *numbers, last = NUMBERS
        hours = [name for name in self.fields if name.startswith("hours_")]
        for name in (*numbers, *hours, last):
            if name in self.errors and not isinstance(self.fields[name], forms.ChoiceField):
                self.fields[name].widget.attrs["autofocus"] = True
                return

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
