"""The queue of the site in numbers, and taking back everything of one's own."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.errors import NotPermitted
from accounts.queries.projects import project_for
from accounts.roles import Scope
from generation.actions.cancelling import cancel_own
from generation.api.waiting import CancelInput
from generation.queries.queue import QueueTotals, open_count, queue_totals


class LanesSerializer(serializers.Serializer[dict[str, int]]):
    """How many stand in each lane of the line."""

    interactive = serializers.IntegerField()
    background = serializers.IntegerField()
    idle = serializers.IntegerField()


class QueueSerializer(serializers.Serializer[QueueTotals]):
    """How much there is, of everybody on the site."""

    running = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="In the line.")
    scheduled = serializers.IntegerField(help_text="Waiting for a time to start.")
    lanes = LanesSerializer()
    workers = serializers.IntegerField()
    workers_busy = serializers.IntegerField()
    own = serializers.IntegerField(help_text="The caller's pictures that are not finished.")


class CancelledSerializer(serializers.Serializer[dict[str, int]]):
    """What became of it."""

    cancelled = serializers.IntegerField(help_text="How many pictures.")


class QueueView(ApiView):
    """The queue."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="queue_retrieve", responses=QueueSerializer)
    def get(self, request: Request) -> Response:
        """Show how much runs, waits and is scheduled, and how many workers are at it."""
        totals = queue_totals()
        return Response(
            {
                "running": totals.running,
                "waiting": totals.waiting,
                "scheduled": totals.scheduled,
                "lanes": {lane.name.lower(): count for lane, count in totals.lanes.items()},
                "workers": totals.workers,
                "workers_busy": totals.workers_busy,
                "own": open_count(access_of(request)),
            }
        )


class CancelOwnView(ApiView):
    """Cancelling everything of one's own."""

    required_scopes = {"POST": Scope.GENERATE}

    @extend_schema(operation_id="queue_cancel", request=CancelInput, responses=CancelledSerializer)
    def post(self, request: Request) -> Response:
        """Cancel what the caller has not finished, in one project or in all of them."""
        access = access_of(request)
        project_id = read_body(request, CancelInput)["project"]
        project = project_for(access, project_id) if project_id is not None else None
        if access.user_id is None:
            raise NotPermitted
        count = cancel_own(access=access, person_id=access.user_id, project=project)
        return Response({"cancelled": count})
