"""What calls about waiting work say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rest_framework import serializers

from accounts.api.fields import Input, Moment, Text, Texts, Whole
from generation.api.asking import (
    LANE_NAMES,
    MOST_VALUES,
    VALUE_LIMIT,
    LoraInput,
    chosen_loras,
    lane_of,
)
from generation.checked_asks import ask_of
from generation.models import GenerationRequest
from generation.moves import Move
from generation.types import ImageAsk, JobPriority


class MoveInput(Input):
    """Where to in the maker's own line."""

    to = serializers.ChoiceField(choices=[move.value for move in Move])


class LaneInput(Input):
    """Which lane to wait in."""

    lane = serializers.ChoiceField(choices=LANE_NAMES)


class StartInput(Input):
    """When to start."""

    start_at = Moment(allow_null=True, help_text="Within 30 days. Null: at once.")


class PriorityInput(Input):
    """How urgent."""

    priority = serializers.ChoiceField(choices=JobPriority.values)


class CancelInput(Input):
    """What of one's own to cancel."""

    project = Whole(
        required=False, default=None, allow_null=True, help_text="Null: in every project."
    )


class EditInput(Input):
    """What to change; what is left out stays as it is."""

    prompt = Text(
        required=False,
        max_length=GenerationRequest.PROMPT_LIMIT,
        help_text="Takes the place of a template.",
    )
    negative_prompt = Text(
        required=False, allow_blank=True, max_length=GenerationRequest.PROMPT_LIMIT
    )
    template_version = Whole(required=False, help_text="A published version.")
    template_values = Texts(required=False, limit=VALUE_LIMIT, most=MOST_VALUES)
    model_version = Whole(required=False)
    width = Whole(required=False, help_text="In pixels.")
    height = Whole(required=False, help_text="In pixels.")
    steps = Whole(required=False)
    cfg = serializers.FloatField(required=False)
    seed = Whole(required=False, allow_null=True, help_text="Null: a random one.")
    count = Whole(required=False, help_text="How many pictures shall wait.")
    input_image = serializers.UUIDField(
        required=False, allow_null=True, help_text="Null: begin without one."
    )
    strength = serializers.FloatField(required=False)
    loras = LoraInput(many=True, required=False, help_text="Instead of those that were chosen.")
    lane = serializers.ChoiceField(required=False, choices=LANE_NAMES)
    start_at = Moment(required=False, allow_null=True, help_text="Null: at once.")


RENAMED = {
    "model_version": "model_version_id",
    "template_version": "template_version_id",
    "input_image": "input_image_uid",
}


def edited_ask(request: GenerationRequest, values: Mapping[str, Any]) -> ImageAsk:
    """The request as an ask, with what was said in its place."""
    ask = ask_of(request, list(request.jobs.all()))
    said = {RENAMED.get(name, name): value for name, value in values.items()}
    if "lane" in said:
        said["lane"] = lane_of(said["lane"])
    if "loras" in said:
        said["loras"] = chosen_loras(said["loras"])
    if "input_image_uid" in said and said["input_image_uid"] is None:
        said.setdefault("strength", 1.0)
    if "prompt" in said and "template_version_id" not in said:
        said |= {"template_version_id": None, "template_values": {}}
    return replace(ask, **said)
