"""Doing something to many images at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Moment, Text, Whole
from accounts.api.paging import PageQuery, page_of, page_response
from accounts.api.shapes import PersonSerializer
from accounts.queries.keyset import keyset_page
from accounts.queries.projects import project_for
from accounts.roles import Scope
from assets.actions.operations import cancel_operation
from assets.actions.trashing import restore_image, trash_image
from assets.api.shapes import ImageSerializer
from assets.forms.chosen import QUERY_LIMIT, chosen_ids, chosen_search
from assets.forms.operation import KINDS
from assets.models import Operation
from assets.operations.asks import MOST_CHOSEN
from assets.operations.choosing import MOST_FOUND
from assets.operations.ordering import begin, take_back
from assets.operations.reasons import words_of
from assets.queries.images import image_for
from assets.queries.operations import operation_for, project_operations, reasons_of
from assets.types import OperationKind, OperationStatus


class OperationInput(Input):
    """What to do, and to which images: `images`, or all that a `search` finds."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in KINDS])
    images = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_CHOSEN,
        help_text=f"At most {MOST_CHOSEN}, of this project.",
    )
    search = Text(
        required=False,
        allow_blank=True,
        max_length=QUERY_LIMIT,
        help_text=f"Instead of `images`: everything that is found, at most {MOST_FOUND}. Empty is"
        " the whole gallery; of `restore` and `purge` it has to be empty, and is the whole trash.",
    )
    up_to = serializers.UUIDField(
        required=False, help_text="With `search`: the newest image that is meant."
    )
    without = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=MOST_CHOSEN,
        help_text="With `search`: images that are not meant.",
    )
    tags = serializers.ListField(
        child=Text(max_length=60), required=False, max_length=20, help_text="For `tag`, `untag`."
    )
    collection = Whole(required=False, help_text="For `collect` and `uncollect`: its id.")
    project = Whole(required=False, help_text="For `move`: the id of the other project.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Ask for images or a search, and not for both."""
        if ("images" in values) == ("search" in values):
            raise serializers.ValidationError(
                {"images": "Name images, or give a search; not both."}, code="invalid"
            )
        return values


class OperationSerializer(serializers.Serializer[Operation]):
    """Work on many images: how far it is, and what it did."""

    uid = serializers.UUIDField()
    project = serializers.IntegerField(source="project_id")
    created_by = PersonSerializer()
    kind = serializers.ChoiceField(choices=OperationKind.choices)
    status = serializers.ChoiceField(choices=OperationStatus.choices)
    total = serializers.IntegerField(help_text="0 until the images are found.")
    done = serializers.IntegerField()
    skipped = serializers.IntegerField(help_text="Left as they were, see `reasons`.")
    failed = serializers.IntegerField()
    error = serializers.CharField(help_text="A code, when the whole operation failed.")
    undoes = serializers.UUIDField(
        source="undoes.uid", default=None, help_text="The operation that this one takes back."
    )
    created_at = Moment()
    started_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """Why some images were left as they were."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    count = serializers.IntegerField()


class OperationResultSerializer(OperationSerializer):
    """An operation with the reasons why images were left as they were."""

    reasons = serializers.SerializerMethodField()

    def get_reasons(self, operation: Operation) -> list[dict[str, Any]]:
        """The most frequent first."""
        return [
            {"code": code, "sentence": words_of(code), "count": count}
            for code, count in reasons_of(operation)
        ]


class ProjectOperationsView(ApiView):
    """The operations of a project."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="operations_list",
        parameters=[PageQuery],
        responses=page_of(OperationSerializer),
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List what you ordered in a project, newest first; who manages it sees everybody's."""
        access = access_of(request)
        project = project_for(access, project_id)
        query = read_query(request, PageQuery)
        found = project_operations(access, project.pk)
        page = keyset_page(found, size=query["limit"], cursor=query["cursor"], descending=True)
        return page_response(request, OperationSerializer, page.rows, page.cursor)

    @extend_schema(
        operation_id="operations_create",
        request=OperationInput,
        responses={201: OperationResultSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Order something for many images. A few are done at once, many in the background."""
        access = access_of(request)
        project = project_for(access, project_id)
        values = read_body(request, OperationInput)
        if "images" in values:
            chosen = chosen_ids(access, project, map(str, values["images"]))
        else:
            chosen = chosen_search(
                access,
                project,
                query=values["search"],
                up_to=str(values.get("up_to", "")),
                without=map(str, values.get("without", [])),
            )
        named: dict[str, Any] = {
            name: values[name] for name in ("tags", "collection", "project") if name in values
        }
        operation = begin(
            access=access,
            project=project,
            kind=OperationKind(values["kind"]),
            chosen=chosen,
            arguments=named,
        )
        return _answer(request, operation.uid, status=201)


class OperationView(ApiView):
    """One operation."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="operations_retrieve", responses=OperationResultSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        """Show how far an operation is, and what it left alone and why."""
        return _answer(request, uid)


class OperationCancelView(ApiView):
    """Stop."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="operations_cancel", request=None, responses=OperationResultSerializer
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Stop an operation; what was done stays done."""
        access = access_of(request)
        cancel_operation(access=access, operation=operation_for(access, uid))
        return _answer(request, uid)


class OperationUndoView(ApiView):
    """Take back."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="operations_undo", request=None, responses={201: OperationResultSerializer}
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Take back what an ended operation did; the answer is the operation that does it."""
        access = access_of(request)
        undoing = take_back(access=access, operation=operation_for(access, uid))
        return _answer(request, undoing.uid, status=201)


class TrashView(ApiView):
    """Throw away."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="images_trash", request=None, responses=ImageSerializer)
    def post(self, request: Request, uid: UUID) -> Response:
        """Move an image to the trash."""
        access = access_of(request)
        image = trash_image(access=access, image=image_for(access, uid))
        return Response(ImageSerializer(image, context={"request": request}).data)


class RestoreView(ApiView):
    """Take out again."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="images_restore", request=None, responses=ImageSerializer)
    def post(self, request: Request, uid: UUID) -> Response:
        """Take an image out of the trash."""
        access = access_of(request)
        image = restore_image(access=access, image=image_for(access, uid))
        return Response(ImageSerializer(image, context={"request": request}).data)


def _answer(request: Request, uid: UUID, status: int = 200) -> Response:
    operation = operation_for(access_of(request), uid)
    return Response(OperationResultSerializer(operation).data, status=status)
