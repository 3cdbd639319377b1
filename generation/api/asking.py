"""From the body of a call to an ask; what was left out is what suits the template or the model."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.access import Access
from accounts.api.fields import Flag, Input, Moment, Text, Texts, Whole
from accounts.models import Project
from assets.suggestions import Suggestions
from generation.engines.checking import LORA_WEIGHT_LIMIT
from generation.input_use import InputUse, input_use
from generation.limits import Limits
from generation.models import GenerationRequest, ModelVersion
from generation.policies import USUAL_STRENGTH
from generation.queries.limits import limits_of
from generation.queries.loras import enabled_loras
from generation.queries.models import model_for
from generation.queries.starting import usable_versions
from generation.sizes import presets
from generation.types import ImageAsk, JobLane, LoraChoice

VALUE_LIMIT = 500
MOST_VALUES = 50
LANE_NAMES = [lane.name.lower() for lane in JobLane]


class LoraInput(Input):
    """One LoRA and how strongly it acts."""

    lora = Whole(help_text="Its id: see `/loras/`.")
    weight = serializers.FloatField(
        required=False,
        default=None,
        allow_null=True,
        min_value=-LORA_WEIGHT_LIMIT,
        max_value=LORA_WEIGHT_LIMIT,
        help_text="Null: its usual weight.",
    )


class AskInput(Input):
    """What is asked for. Say at least a `prompt` or a `template_version`."""

    prompt = Text(
        required=False, default="", allow_blank=True, max_length=GenerationRequest.PROMPT_LIMIT
    )
    negative_prompt = Text(
        required=False, allow_blank=True, max_length=GenerationRequest.PROMPT_LIMIT
    )
    template_version = Whole(
        required=False, allow_null=True, help_text="A published version; replaces `prompt`."
    )
    template_values = Texts(
        required=False,
        default=dict,
        limit=VALUE_LIMIT,
        most=MOST_VALUES,
        help_text="A value for each variable of the template.",
    )
    model_version = Whole(
        required=False, allow_null=True, help_text="Default: the first that may be used."
    )
    width = Whole(required=False, help_text="In pixels.")
    height = Whole(required=False, help_text="In pixels.")
    steps = Whole(required=False)
    cfg = serializers.FloatField(required=False)
    seed = Whole(required=False, default=None, allow_null=True, help_text="Null: a random one.")
    count = Whole(required=False, default=1, help_text="How many pictures.")
    parent = serializers.UUIDField(  # type: ignore[assignment]  # a field
        required=False,
        default=None,
        allow_null=True,
        help_text="The image that the settings were taken from.",
    )
    input_image = serializers.UUIDField(
        required=False,
        default=None,
        allow_null=True,
        help_text="The uid of an image to begin with, or to change as the prompt says, "
        "whichever the model does (`input_use`).",
    )
    strength = serializers.FloatField(
        required=False,
        default=None,
        allow_null=True,
        help_text="How much of the input image is drawn anew, from 0.1 to 1. Null: what is usual.",
    )
    loras = LoraInput(many=True, required=False, default=list, help_text="Up to three.")
    lane = serializers.ChoiceField(
        required=False,
        choices=LANE_NAMES,
        help_text="`background` starts when nobody waits at a screen, `idle` when nothing waits.",
    )
    background = serializers.BooleanField(
        required=False, default=False, help_text="The same as the lane `background`."
    )
    start_at = Moment(
        required=False,
        default=None,
        allow_null=True,
        help_text="The earliest start, within 30 days. Null: at once.",
    )
    may_shrink = Flag(
        required=False,
        default=False,
        help_text="Make it smaller if the memory of the GPUs is short, instead of waiting.",
    )
    ticket = serializers.UUIDField(
        required=False, help_text="Make one up: asking twice with one ticket is asking once."
    )


def to_ask(access: Access, project: Project, values: dict[str, Any]) -> ImageAsk:
    """The ask of checked values. Ids that lead nowhere are left for the action to refuse."""
    version = None
    if values.get("template_version") is not None:
        version = usable_versions(access, project).filter(pk=values["template_version"]).first()
    limits = limits_of(project.pk)
    model = model_for(values.get("model_version"), among=limits.allowed_models)
    defaults = _defaults(limits, model)
    if version:
        chosen = Suggestions.from_json(version.defaults).to_json()
        defaults |= {name: value for name, value in chosen.items() if name in defaults}
        defaults["negative_prompt"] = version.negative_prompt
    return ImageAsk(
        prompt=values["prompt"],
        seed=values["seed"],
        count=values["count"],
        model_version_id=values.get("model_version"),
        template_version_id=values.get("template_version"),
        template_values=values["template_values"],
        parent_uid=values["parent"],
        recalled_uid=values["parent"],
        input_image_uid=values["input_image"],
        strength=_strength(values, model),
        loras=chosen_loras(values["loras"]),
        lane=lane_of(values.get("lane") or LANE_NAMES[values["background"]]),
        start_at=values["start_at"],
        may_shrink=values["may_shrink"],
        **{name: values.get(name, default) for name, default in defaults.items()},
        **{name: values[name] for name in ("ticket",) if name in values},
    )


def _strength(values: dict[str, Any], model: ModelVersion | None) -> float:
    """What was said; else what is usual where there is a picture to begin with."""
    if values["strength"] is not None:
        return float(values["strength"])
    begins = values["input_image"] is not None and input_use(model) == InputUse.BEGINS
    return USUAL_STRENGTH if begins else 1.0


def chosen_loras(chosen: list[dict[str, Any]]) -> tuple[LoraChoice, ...]:
    """The chosen LoRAs. One that is not there is left for the action to refuse."""
    usual = {lora.pk: lora.default_weight for lora in enabled_loras()} if chosen else {}
    return tuple(
        LoraChoice(
            each["lora"],
            usual.get(each["lora"], 1.0) if each["weight"] is None else each["weight"],
        )
        for each in chosen
    )


def lane_of(name: str) -> JobLane:
    """The lane by its name in the API."""
    return JobLane[name.upper()]


def _defaults(limits: Limits, model: ModelVersion | None) -> dict[str, Any]:
    """Settings that suit the model, in the largest square that the project allows."""
    if model is None:
        return {"negative_prompt": ""}
    square = presets(limits, multiple=model.size_multiple)[0]
    return {
        "negative_prompt": "",
        "width": square.width,
        "height": square.height,
        "steps": limits.fitting_steps(model.default_steps),
        "cfg": model.default_cfg,
    }
