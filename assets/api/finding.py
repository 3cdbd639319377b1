"""Images that look alike, and how much of what was made is used again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Text, Whole
from accounts.api.paging import page_of, page_response
from accounts.queries.projects import project_for
from accounts.roles import Permission, Scope
from assets.actions.duplicates import keep_all
from assets.api.operations import OperationSerializer
from assets.api.shapes import ImageSerializer
from assets.forms.duplicates import images_among, kept_among
from assets.operations.asks import Chosen
from assets.operations.ordering import begin
from assets.queries.duplicates import MOST_IN_A_GROUP, groups_of
from assets.queries.images import image_for
from assets.queries.reuse import Reuse, reuse_of
from assets.queries.similar import MOST, finders, similar_to
from assets.types import OperationKind


class SimilarQuery(Input):
    """Which idea of similar, and how many."""

    by = Text(
        required=False,
        allow_blank=True,
        default="",
        max_length=40,
        help_text="One of: " + ", ".join(f"`{name}`" for name in finders()) + "; else the first.",
    )
    limit = Whole(required=False, default=MOST, min_value=1, max_value=MOST)


class SimilarView(ApiView):
    """Images like one image."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="images_similar",
        parameters=[SimilarQuery],
        responses=page_of(ImageSerializer),
    )
    def get(self, request: Request, uid: UUID) -> Response:
        """List what looks most like an image in its project, nearest first."""
        access = access_of(request)
        image = image_for(access, uid)
        query = read_query(request, SimilarQuery)
        found = similar_to(access, image, finder=query["by"], most=query["limit"])
        return page_response(request, ImageSerializer, found)


class MonthSerializer(serializers.Serializer[Any]):
    """One month."""

    month = serializers.DateField(help_text="Its first day.")
    downloads = serializers.IntegerField()


class ReuseSerializer(serializers.Serializer[Reuse]):
    """How much of what was made is used again, and how much leaves the house."""

    images = serializers.IntegerField(help_text="Images of the gallery.")
    reused = serializers.IntegerField(
        help_text="Those whose settings were used again, or that a picture began with."
    )
    share = serializers.FloatField(allow_null=True, help_text="`reused` of `images`, 0 to 1.")
    downloaded = serializers.IntegerField(help_text="Images that were downloaded or exported.")
    months = serializers.SerializerMethodField()

    @extend_schema_field(MonthSerializer(many=True))
    def get_months(self, figures: Reuse) -> list[dict[str, Any]]:
        """Downloads and exports of the last twelve months, oldest first."""
        return [{"month": day.isoformat(), "downloads": number} for day, number in figures.months]


class ReuseView(ApiView):
    """The figures of a project."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="projects_reuse", responses=ReuseSerializer)
    def get(self, request: Request, project_id: int) -> Response:
        """Tell how much of a project's images is used again."""
        access = access_of(request)
        project = project_for(access, project_id)
        return Response(ReuseSerializer(reuse_of(access, project.pk)).data)


class GroupSerializer(serializers.Serializer[Any]):
    """Images that look alike, the one that is proposed to be kept first."""

    images = ImageSerializer(many=True)
    why = serializers.CharField(help_text="Why the first is proposed.")


class GroupsQuery(Input):
    """Where to go on."""

    cursor = Whole(required=False, allow_null=True, default=None, min_value=1)


class GroupInput(Input):
    """The images of a group."""

    images = serializers.ListField(
        child=serializers.UUIDField(), min_length=2, max_length=MOST_IN_A_GROUP
    )


class KeepOneInput(GroupInput):
    """The images of a group, and which of them is kept."""

    keep = serializers.UUIDField()


class DuplicatesView(ApiView):
    """Near-duplicates of a project."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="duplicates_list", parameters=[GroupsQuery], responses=page_of(GroupSerializer)
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List groups of images that look alike and wait for a decision, newest first."""
        access = access_of(request)
        project = project_for(access, project_id)
        query = read_query(request, GroupsQuery)
        page = groups_of(access, project.pk, cursor=query["cursor"])
        return page_response(request, GroupSerializer, page.groups, page.cursor)


class KeepOneView(ApiView):
    """Keeping one of a group."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="duplicates_keep_one",
        request=KeepOneInput,
        responses={201: OperationSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Keep one image and move the others to the trash; undo the operation to take it back."""
        access = access_of(request)
        project = project_for(access, project_id)
        access.require(Permission.ORGANIZE_IMAGES, project.pk)
        said = read_body(request, KeepOneInput)
        images = images_among(access, project, said["images"])
        kept = kept_among(images, said["keep"])
        operation = begin(
            access=access,
            project=project,
            kind=OperationKind.MERGE,
            chosen=Chosen(ids=tuple(image.pk for image in images if image != kept)),
            arguments={"kept": kept.pk},
        )
        return Response(OperationSerializer(operation).data, status=201)


class KeepAllView(ApiView):
    """Keeping all of a group."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="duplicates_keep_all", request=GroupInput, responses={204: None})
    def post(self, request: Request, project_id: int) -> Response:
        """Say that these images are no duplicates of each other."""
        access = access_of(request)
        project = project_for(access, project_id)
        access.require(Permission.ORGANIZE_IMAGES, project.pk)
        said = read_body(request, GroupInput)
        images = images_among(access, project, said["images"])
        keep_all(access=access, project=project, images=images)
        return Response(status=204)
