"""The form that asks for pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.errors import DomainError
from assets.models import Image, TemplateVersion
from assets.variables import fill, variables_in
from generation.engines import checking
from generation.forms.input_image import InputImageChoice
from generation.forms.lora_choice import LoraChoices, lora_field
from generation.forms.model_select import ModelSelect, description_of
from generation.forms.start_choice import Clock, StartChoice, When
from generation.input_use import InputUse, input_use
from generation.limits import Limits
from generation.models import GenerationRequest, Lora, ModelVersion
from generation.policies import violations
from generation.sizes import SizePreset, presets
from generation.types import ImageAsk

VALUE_LIMIT = 500
MOST_BUTTONS = 8
NOTHING_ASKED = ImageAsk(prompt="")
_MARK = "\x1f"


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form can be filled with in one project: limits, models, templates and so on.

    `models` are those that may be used; whether there are others says `hides_models`. Times are
    those of `time_zone`.
    """

    limits: Limits
    time_zone: str
    models: Sequence[ModelVersion]
    versions: QuerySet[TemplateVersion]
    pictures: QuerySet[Image]
    loras: Sequence[Lora] = ()
    hides_models: bool = False

    @property
    def size_multiple(self) -> int:
        """What every side must be a multiple of, whichever model is chosen."""
        return max((model.size_multiple for model in self.models), default=checking.SIZE_MULTIPLE)

    @property
    def sizes(self) -> list[SizePreset]:
        """One size per aspect ratio."""
        return presets(self.limits, multiple=self.size_multiple)

    @property
    def usable_loras(self) -> list[Lora]:
        """The LoRAs that one of the models takes."""
        engines = {model.engine for model in self.models}
        return [lora for lora in self.loras if lora.engine in engines]

    def model(self, model_id: object) -> ModelVersion | None:
        """The model of this id, else the first one, which is the default."""
        chosen = (model for model in self.models if str(model.pk) == str(model_id))
        return next(chosen, self.models[0] if self.models else None)


class AskForm(InputImageChoice, LoraChoices, StartChoice):
    """What a person asks for. The shape is checked here, the policy here and in the action.

    What the form does not ask for is as in `base`.
    """

    ticket = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)
    recalled = forms.UUIDField(required=False, widget=forms.HiddenInput)
    prompt = forms.CharField(
        label=_("Prompt"),
        max_length=GenerationRequest.PROMPT_LIMIT,
        widget=forms.Textarea(
            attrs={
                "rows": 5,
                "autocomplete": "off",
                "placeholder": _("A golden retriever sitting on a lawn in soft morning light"),
            }
        ),
        error_messages={"required": _("Say what the picture should show.")},
    )
    negative_prompt = forms.CharField(
        label=_("Negative prompt"),
        max_length=GenerationRequest.PROMPT_LIMIT,
        required=False,
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                "autocomplete": "off",
                "placeholder": _("What should not be in the picture"),
            }
        ),
    )
    width = forms.IntegerField(label=_("Width"))
    height = forms.IntegerField(label=_("Height"))
    steps = forms.IntegerField(label=_("Steps"), required=False)
    cfg = forms.FloatField(label=_("CFG"), required=False)
    random_seed = forms.BooleanField(
        label=_("Random seed"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"data-random-seed": ""}),
    )
    seed = forms.IntegerField(
        label=_("Seed"), required=False, widget=forms.NumberInput(attrs={"min": 0})
    )
    count = forms.TypedChoiceField(
        label=pgettext_lazy("number asked for", "Pictures"),
        coerce=int,
        initial=1,
        widget=forms.RadioSelect,
    )
    may_shrink = forms.BooleanField(label=_("Make it smaller if memory is short"), required=False)
    model_version = forms.TypedChoiceField(label=_("Model"), coerce=int, widget=ModelSelect)

    def __init__(
        self,
        *args: Any,
        offer: Offer,
        version: TemplateVersion | None = None,
        values: Mapping[str, str] | None = None,
        base: ImageAsk = NOTHING_ASKED,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer
        self.base = base
        self.offer_start(Clock(offer.limits, offer.time_zone))
        self.fields["template_version"] = forms.ModelChoiceField(
            offer.versions,
            required=False,
            initial=version.pk if version else None,
            widget=forms.HiddenInput,
            error_messages={"invalid_choice": TEMPLATE_GONE},
        )
        self.version = self._posted_version() if self.is_bound else version
        self.variables = variables_in(self.version.prompt) if self.version else ()
        if self.version:
            del self.fields["prompt"]
            self._add_variables(values or {})
        self.offer_input_images(offer.pictures)
        self.offer_loras(offer.usable_loras)
        self._offer_models()
        self._offer_counts()
        self._offer_numbers()

    @property
    def model(self) -> ModelVersion | None:
        """The model that is chosen now."""
        return self.offer.model(self["model_version"].value())

    @property
    def offers_input_image(self) -> bool:
        """Whether any model can begin with a picture."""
        return any(input_use(model) for model in self.offer.models)

    @property
    def model_takes_loras(self) -> bool:
        """Whether the chosen model takes one of the LoRAs."""
        model = self.model
        return model is not None and any(
            lora.engine == model.engine for lora in self.loras.values()
        )

    @property
    def input_use(self) -> str:
        """What the chosen model does with an input image: `edits`, `begins`, or nothing."""
        return input_use(self.model).value

    @property
    def model_description(self) -> str:
        """What the chosen model is good for."""
        model = self.model
        return description_of(model) if model else ""

    @property
    def negative_is_idle(self) -> bool:
        """Whether the negative prompt would change nothing: the model reads it above CFG 1 only."""
        model = self.model
        return (
            model is not None
            and not model.is_preview
            and bool(self["negative_prompt"].value())
            and str(self["cfg"].value()) in {"1", "1.0"}
        )

    @property
    def has_hidden_errors(self) -> bool:
        """Whether something in the folded part of the form needs a look."""
        folded = ("model_version", "width", "height", "steps", "cfg", "seed", "random_seed")
        return any(name in self.errors for name in folded)

    @property
    def has_count_buttons(self) -> bool:
        """Whether so few pictures can be asked for that each number is a button."""
        return self.offer.limits.max_images_per_request <= MOST_BUTTONS

    @property
    def most_pixels(self) -> str:
        """How many pixels a picture may have, where the largest sides are too much together."""
        limits = self.offer.limits
        if limits.max_pixels >= limits.max_side**2:
            return ""
        return number_format(limits.max_pixels, force_grouping=True)

    def variable_fields(self) -> list[forms.BoundField]:
        """The inputs of the template's variables, in their order."""
        return [self[variable_field(index)] for index in range(len(self.variables))]

    def preview(self) -> Iterator[tuple[str, str]]:
        """The final prompt in pieces: text, and the field's name where it comes from a variable."""
        if not self.version:
            return
        marks = {name: f"{_MARK}{index}{_MARK}" for index, name in enumerate(self.variables)}
        for at, piece in enumerate(fill(self.version.prompt, marks).split(_MARK)):
            if at % 2:
                name = variable_field(int(piece))
                yield str(self[name].value() or ""), self[name].html_name
            elif piece:
                yield piece, ""

    def clean(self) -> dict[str, Any]:
        """Fill in what was left to the model, and say which limits are broken."""
        cleaned = super().clean() or self.cleaned_data
        model = self.offer.model(cleaned.get("model_version"))
        for name, default in self._defaults(model).items():
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = default
        if cleaned.get("random_seed"):
            cleaned["seed"] = None
        elif "seed" in cleaned and cleaned["seed"] is None:
            self.add_error("seed", _("Type a seed, or let it be random."))
        use = input_use(model)
        self.settle_strength(cleaned, has_strength=use != InputUse.EDITS)
        if model:
            cleaned["loras"] = self.chosen_loras(cleaned, engine=model.engine)
        if model and not self.errors:
            for broken in violations(
                self.to_ask(),
                self.offer.limits,
                size_multiple=model.size_multiple,
                takes_input_image=use != InputUse.NOTHING,
                edits_input_image=use == InputUse.EDITS,
            ):
                self.add_error(self._input_of(broken.field), str(broken.sentence))
        return cleaned

    def to_ask(self) -> ImageAsk:
        """The valid form as an ask."""
        data = self.cleaned_data
        kept_lane = data["start"] == When.AT and self.base.start_at is not None
        return replace(
            self.base,
            prompt=data.get("prompt", ""),
            negative_prompt=data["negative_prompt"],
            width=data["width"],
            height=data["height"],
            steps=data["steps"],
            cfg=data["cfg"],
            seed=data["seed"],
            count=data["count"],
            model_version_id=data["model_version"],
            template_version_id=self.version.pk if self.version else None,
            template_values={
                name: data[variable_field(index)] for index, name in enumerate(self.variables)
            },
            parent_uid=data["parent"],
            recalled_uid=data["recalled"],
            input_image_uid=data["input_image"].uid if data["input_image"] else None,
            strength=data["strength"],
            loras=data["loras"],
            may_shrink=data["may_shrink"],
            lane=self.base.lane if kept_lane else self.lane,
            start_at=data["start_at"],
            ticket=data["ticket"],
        )

    def numbers(self) -> dict[str, Any]:
        """What the form says now, without its words: enough to estimate what it would take."""
        return {
            field.html_name: field.value() for field in self if field.name not in _WORDS_AND_TICKETS
        }

    def explain(self, error: DomainError) -> None:
        """Show what the action refused beside the input at fault."""
        self.add_error(self._input_of(error.field), error.sentence)

    def _input_of(self, field: str) -> str | None:
        """The input that shows what is wrong with a part of the ask; `None` is the whole form."""
        name = lora_field(1) if field == "loras" else field
        return name if name in self.fields else None

    def _posted_version(self) -> TemplateVersion | None:
        field = self.fields["template_version"]
        try:
            version: TemplateVersion | None = field.clean(self["template_version"].data)
        except forms.ValidationError:
            return None  # said again, beside the field, when the form is cleaned
        return version

    def _add_variables(self, values: Mapping[str, str]) -> None:
        for index, name in enumerate(self.variables):
            self.fields[variable_field(index)] = forms.CharField(
                label=name,
                max_length=VALUE_LIMIT,
                initial=values.get(name, ""),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"required": _("Fill in “%(name)s”.") % {"name": name}},
            )

    def _offer_models(self) -> None:
        field = cast("forms.TypedChoiceField", self.fields["model_version"])
        models = {str(model.pk): model for model in self.offer.models}
        field.choices = [(key, str(model)) for key, model in models.items()]
        cast("ModelSelect", field.widget).models = models
        cast("ModelSelect", field.widget).limits = self.offer.limits
        if self.offer.hides_models:
            field.help_text = _("The site has other models. An admin decides which may be used.")
        field.error_messages["invalid_choice"] = MODEL_GONE
        if str(self.initial.get("model_version")) not in models:
            self.initial["model_version"] = next(iter(models), None)
        for name, default in self._defaults(
            self.offer.model(self.initial["model_version"])
        ).items():
            self.initial.setdefault(name, default)

    def _defaults(self, model: ModelVersion | None) -> dict[str, float]:
        """The numbers that suit a model, as far as the limits allow them."""
        if model is None:
            return {}
        steps = self.offer.limits.fitting_steps(model.default_steps)
        return {"steps": steps, "cfg": model.default_cfg}

    def _offer_counts(self) -> None:
        """A button for each number, or an input where there would be too many buttons."""
        most = self.offer.limits.max_images_per_request
        refusal = _("One request can hold 1 to %(most)d pictures in this project.")
        if self.has_count_buttons:
            field = cast("forms.TypedChoiceField", self.fields["count"])
            field.choices = [(number, str(number)) for number in range(1, most + 1)]
            field.error_messages["invalid_choice"] = refusal % {"most": most}
        else:
            label = self.fields["count"].label
            self.fields["count"] = forms.IntegerField(label=label, initial=1)
            self._bound("count", 1, most)
        if "count" in self.initial:
            self.initial["count"] = min(self.initial["count"], most)

    def _offer_numbers(self) -> None:
        limits, multiple = self.offer.limits, self.offer.size_multiple
        square = self.offer.sizes[0]
        for name in ("width", "height"):
            self.initial.setdefault(name, getattr(square, name))
            self._bound(name, checking.SMALLEST_SIDE, limits.max_side, step=multiple)
        self._bound("steps", limits.min_steps, limits.max_steps)
        self._bound("cfg", 0, int(checking.LARGEST_CFG), step="any")
        self.initial["cfg"] = _short(self.initial.get("cfg"))

    def _bound(self, name: str, least: int, most: int, *, step: int | str = 1) -> None:
        """Tell the browser the limits; the server says them in sentences."""
        attributes = {"min": least, "max": most, "step": step}
        self.fields[name].widget.attrs |= attributes
        self.fields[name].help_text = _("%(least)s to %(most)s") % {"least": least, "most": most}


_WORDS_AND_TICKETS = frozenset({
    "ticket",
    "parent",
    "recalled",
    "prompt",
    "negative_prompt",
    "template_version",
})  # fmt: skip
TEMPLATE_GONE = _("This template is no longer available. Choose another one.")
MODEL_GONE = _("This model is not available. Choose another one.")


def variable_field(index: int) -> str:
    """The name of a variable's input: variables are named in any script, inputs are not."""
    return f"value_{index}"


def _short(number: object) -> object:
    return f"{number:g}" if isinstance(number, float) else number
