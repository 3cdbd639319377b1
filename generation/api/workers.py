"""The machines that make the pictures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.api.fields import Input, Moment, Whole
from accounts.api.paging import page_of, page_response
from accounts.api.shapes import PersonSerializer
from accounts.roles import Scope
from generation.actions.slots import reset_breakers, set_slot_state
from generation.queries.machines import Fault, Machine, machine_in, machines_of, slot_for
from generation.queries.model_care import model_of_site
from generation.types import WorkerState


class FaultShape(serializers.Serializer[Fault]):
    """What is held against a worker and one model."""

    model_version = serializers.IntegerField(source="model_id")
    model_name = serializers.CharField(source="model")
    failures = serializers.IntegerField(help_text="In a row.")
    is_open = serializers.BooleanField(help_text="No picture of the model starts there now.")
    open_until = Moment(allow_null=True)
    code = serializers.CharField(help_text="Of the last failure.")
    message = serializers.CharField(help_text="For operators; empty for everybody else.")


class WorkerJobShape(serializers.Serializer[Any]):
    """A picture that a worker is making."""

    id = serializers.UUIDField()
    project = serializers.IntegerField(source="project_id")
    project_name = serializers.CharField(source="project.name")
    organization = serializers.CharField(source="project.organization.slug")
    created_by = PersonSerializer()
    step = serializers.IntegerField()
    steps = serializers.IntegerField()


class WorkerSerializer(serializers.Serializer[Machine]):
    """A worker, or the last one of a place that nobody fills now."""

    slot = serializers.IntegerField(
        source="slot.pk",
        default=None,
        allow_null=True,
        help_text="Its place, which outlives restarts.",
    )
    name = serializers.CharField()
    status = serializers.ChoiceField(
        choices=["ready", "busy", "paused", "draining", "gone"], help_text="One word for all of it."
    )
    is_live = serializers.BooleanField(help_text="Seen within the last seconds.")
    busy = serializers.BooleanField()
    pool = serializers.CharField(source="worker.pool")
    version = serializers.CharField(source="worker.version")
    device = serializers.CharField(source="worker.device", help_text="Empty without a GPU.")
    resident_model = serializers.IntegerField(
        source="worker.resident_model_id", allow_null=True, help_text="The model that is loaded."
    )
    free_bytes = serializers.IntegerField(source="worker.free_bytes", allow_null=True)
    total_bytes = serializers.IntegerField(source="worker.total_bytes", allow_null=True)
    held_bytes = serializers.IntegerField(
        source="worker.held_bytes", allow_null=True, help_text="By the worker itself."
    )
    tier = serializers.SerializerMethodField()
    last_seen_at = Moment(source="worker.last_seen_at")
    faults = FaultShape(many=True)
    jobs = WorkerJobShape(many=True, help_text="For operators; empty for everybody else.")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_tier(self, machine: Machine) -> str | None:
        """The name of the tier that its memory reaches."""
        return machine.tier.name if machine.tier else None


class WorkersView(ApiView):
    """The workers of the site."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="workers_list", responses=page_of(WorkerSerializer))
    def get(self, request: Request) -> Response:
        """List the workers, all on one page. What they make is shown to operators only."""
        return page_response(request, WorkerSerializer, machines_of(access_of(request)))


class PauseWorkerView(ApiView):
    """Pausing."""

    @extend_schema(operation_id="workers_pause", request=None, responses=WorkerSerializer)
    def post(self, request: Request, slot_id: int) -> Response:
        """Let a worker finish its picture and take no other; its model stays warm."""
        return _tell(access_of(request), slot_id, WorkerState.PAUSED)


class ResumeWorkerView(ApiView):
    """Resuming."""

    @extend_schema(operation_id="workers_resume", request=None, responses=WorkerSerializer)
    def post(self, request: Request, slot_id: int) -> Response:
        """Let a paused or drained worker go on."""
        return _tell(access_of(request), slot_id, WorkerState.ACTIVE)


class DrainWorkerView(ApiView):
    """Draining."""

    @extend_schema(operation_id="workers_drain", request=None, responses=WorkerSerializer)
    def post(self, request: Request, slot_id: int) -> Response:
        """As a pause, and the memory of the GPU is given back."""
        return _tell(access_of(request), slot_id, WorkerState.DRAINING)


class ResetInput(Input):
    """Whose failures to forget."""

    model_version = Whole(
        required=False, default=None, allow_null=True, help_text="Of all models if left out."
    )


class ResetWorkerView(ApiView):
    """Resetting circuit breakers."""

    @extend_schema(operation_id="workers_reset", request=ResetInput, responses=WorkerSerializer)
    def post(self, request: Request, slot_id: int) -> Response:
        """Forget the failures of a worker, and let it try at once."""
        access = access_of(request)
        slot = slot_for(access, slot_id)
        model_id = read_body(request, ResetInput)["model_version"]
        model = None if model_id is None else model_of_site(access, model_id)
        reset_breakers(access=access, slot=slot, model_version=model)
        return _answer(access, slot_id)


def _tell(access: Access, slot_id: int, state: WorkerState) -> Response:
    set_slot_state(access=access, slot=slot_for(access, slot_id), state=state)
    return _answer(access, slot_id)


def _answer(access: Access, slot_id: int) -> Response:
    return Response(WorkerSerializer(machine_in(access, slot_id)).data)
