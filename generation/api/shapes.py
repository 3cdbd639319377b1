"""Requests, jobs and models as the API shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Moment
from accounts.api.shapes import PersonSerializer
from generation.forecasting import Expected
from generation.holding import HoldKind
from generation.input_use import input_use
from generation.models import GenerationJob, GenerationRequest, Lora, ModelVersion
from generation.queries.places import Line, Place
from generation.types import FINAL, WAITING, JobLane, JobPhase, JobStatus


class ModelVersionSerializer(serializers.Serializer[ModelVersion]):
    """A model that takes requests, and the settings that suit it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    revision = serializers.CharField()
    licence = serializers.CharField()
    description = serializers.CharField()
    input_use = serializers.SerializerMethodField(
        help_text="What it does with an `input_image`: `begins` with it, `edits` it, or nothing."
    )
    default_steps = serializers.IntegerField()
    default_cfg = serializers.FloatField()
    size_multiple = serializers.IntegerField(help_text="Sides are multiples of this, in pixels.")
    is_preview = serializers.BooleanField(help_text="Draws stand-ins; no trained model.")
    is_default = serializers.BooleanField(help_text="Taken when a request names none.")

    def get_input_use(self, model: ModelVersion) -> str:
        """`begins`, `edits`, or empty."""
        return input_use(model).value


class LoraSerializer(serializers.Serializer[Lora]):
    """A LoRA that can be asked for."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    trigger_words = serializers.CharField(help_text="Words in the prompt that call it.")
    default_weight = serializers.FloatField(help_text="Taken when a request names none.")
    engine = serializers.CharField(help_text="Models of this engine take it.")
    sha256 = serializers.CharField()


class ChosenLoraSerializer(serializers.Serializer[Mapping[str, Any]]):
    """A LoRA as a request remembers it."""

    lora = serializers.IntegerField(source="id")
    name = serializers.CharField()
    weight = serializers.FloatField()
    sha256 = serializers.CharField()


class ExpectedSerializer(serializers.Serializer[Expected]):
    """A moment to come, in seconds from now; usually between the two ends."""

    earliest = serializers.FloatField()
    likely = serializers.FloatField()
    latest = serializers.FloatField(
        allow_null=True, help_text="Null: later still, if others ask who go first."
    )


class PlaceSerializer(serializers.Serializer[Place]):
    """Where a waiting job stands. Context: `is_maker`, whether it is told to its maker."""

    number = serializers.IntegerField(
        allow_null=True, help_text="1 starts next. Null: far back, or nobody can say."
    )
    has_worker = serializers.BooleanField(help_text="Whether anybody is there to do it.")
    starts = ExpectedSerializer(allow_null=True)
    done = ExpectedSerializer(allow_null=True)
    hold = serializers.ChoiceField(
        source="hold.kind",
        default=None,
        allow_null=True,
        choices=[kind.value for kind in HoldKind],
        help_text="What it waits for beyond its turn.",
    )
    until = Moment(
        source="hold.until", default=None, allow_null=True, help_text="When that ends, if known."
    )
    reason = serializers.SerializerMethodField()

    def get_reason(self, place: Place) -> str:
        """Why it waits, for people; may be empty."""
        return place.reason(is_maker=self.context["is_maker"])


class JobSerializer(serializers.Serializer[GenerationJob]):
    """One picture of a request.

    Waiting jobs say where they stand. Context: `line` (Line), `reader_id` (who reads it).
    """

    id = serializers.UUIDField()
    request = serializers.UUIDField(source="request_id")
    project = serializers.IntegerField(source="project_id")
    index = serializers.IntegerField(help_text="Counts from 0.")
    seed = serializers.IntegerField()
    status = serializers.ChoiceField(choices=JobStatus.choices)
    lane = serializers.SerializerMethodField()
    priority = serializers.IntegerField(help_text="1 is urgent, -1 low.")
    start_at = Moment(allow_null=True, help_text="The earliest start, if somebody chose one.")
    place = serializers.SerializerMethodField()
    phase = serializers.ChoiceField(choices=JobPhase.choices, allow_blank=True)
    step = serializers.IntegerField(help_text="Steps done, of `steps`.")
    steps = serializers.IntegerField()
    attempts = serializers.IntegerField()
    queued_at = Moment()
    started_at = Moment(allow_null=True)
    finished_at = Moment(allow_null=True)
    cancel_requested_at = Moment(allow_null=True)
    error_code = serializers.CharField(help_text="Empty unless it failed.")
    error_message = serializers.CharField()
    image = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=[each.name.lower() for each in JobLane]))
    def get_lane(self, job: GenerationJob) -> str:
        """Which lane it waits in."""
        return JobLane(job.lane).name.lower()

    @extend_schema_field(PlaceSerializer(allow_null=True))
    def get_place(self, job: GenerationJob) -> Any:
        """Where the job stands; null unless it waits."""
        if job.status not in WAITING:
            return None
        line: Line = self.context["line"]
        is_maker = job.created_by_id == self.context["reader_id"]
        return PlaceSerializer(line.place_of(job), context={"is_maker": is_maker}).data

    def get_image(self, job: GenerationJob) -> UUID | None:
        """The uid of the picture, once it is there."""
        return job.shown_image.uid if job.shown_image else None


class RequestSerializer(serializers.Serializer[GenerationRequest]):
    """What somebody asked for, and how far it is."""

    id = serializers.UUIDField()
    project = serializers.IntegerField(source="project_id")
    created_by = PersonSerializer()
    created_at = Moment()
    edited_at = Moment(allow_null=True)
    prompt_typed = serializers.CharField(help_text="As typed; of a template, its text.")
    prompt = serializers.CharField(help_text="As the model reads it.")
    negative_prompt = serializers.CharField()
    template_version = serializers.IntegerField(source="template_version_id", allow_null=True)
    template_values = serializers.DictField(child=serializers.CharField())
    model_version = serializers.IntegerField(source="model_version_id")
    model_name = serializers.CharField(source="model_version.name")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    steps = serializers.IntegerField()
    cfg = serializers.FloatField()
    seed = serializers.IntegerField(help_text="Of the first picture; the next ones count up.")
    count = serializers.IntegerField()
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field
    input_image = serializers.UUIDField(source="input_uid", allow_null=True)
    strength = serializers.FloatField(help_text="1 without an input image.")
    loras = ChosenLoraSerializer(many=True)
    is_finished = serializers.SerializerMethodField()
    jobs = JobSerializer(many=True)

    def get_parent(self, request: GenerationRequest) -> UUID | None:
        """The uid of the image that the settings were taken from."""
        return request.parent_image.uid if request.parent_image else None

    def get_is_finished(self, request: GenerationRequest) -> bool:
        """Whether nothing more will happen by itself."""
        return all(job.status in FINAL for job in request.jobs.all())
