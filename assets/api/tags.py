"""The tags of a project."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Moment, Text, Whole
from accounts.api.paging import page_of, page_response
from accounts.errors import InvalidInput, NotVisible
from accounts.queries.projects import project_for
from accounts.roles import Scope
from assets.actions.tags import delete_tag, delete_unused_tags, merge_tags, rename_tag
from assets.api.organizing import UndoSerializer
from assets.queries.tags import TAGS_ON_A_PAGE, tag_for, tags_by_use


class TagsQuery(Input):
    """Which tags to list."""

    text = Text(required=False, default="", allow_blank=True, max_length=80)
    limit = Whole(required=False, default=50, min_value=1, max_value=TAGS_ON_A_PAGE)


class TagSerializer(serializers.Serializer[Any]):
    """A word that a project's people put on images."""

    id = serializers.IntegerField()
    project = serializers.IntegerField(source="project_id")
    name = serializers.CharField()
    created_at = Moment()


class UsedTagSerializer(TagSerializer):
    """A tag and how many images have it."""

    uses = serializers.IntegerField()


class TagInput(Input):
    """Another name."""

    name = Text(max_length=400)


class MergeInput(Input):
    """The tag that takes over."""

    into = Whole(min_value=1, help_text="The id of another tag of the project.")


class TidiedSerializer(serializers.Serializer[Any]):
    """How many tags were deleted."""

    deleted = serializers.IntegerField()


class ProjectTagsView(ApiView):
    """The tags of a project."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="tags_list", parameters=[TagsQuery], responses=page_of(UsedTagSerializer)
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the tags, most used first; `text` finds the others by a part of their name."""
        access = access_of(request)
        project = project_for(access, project_id)
        query = read_query(request, TagsQuery)
        page = tags_by_use(access, project.pk, text=query["text"], size=query["limit"])
        return page_response(request, UsedTagSerializer, page.tags)


class TidyTagsView(ApiView):
    """Tags without use."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="tags_tidy", request=None, responses=TidiedSerializer)
    def post(self, request: Request, project_id: int) -> Response:
        """Delete the tags that no image has."""
        access = access_of(request)
        project = project_for(access, project_id)
        count = delete_unused_tags(access=access, project=project)
        return Response(TidiedSerializer({"deleted": count}).data)


class TagView(ApiView):
    """One tag."""

    required_scopes = {"GET": Scope.READ, "PATCH": Scope.ORGANIZE, "DELETE": Scope.ORGANIZE}

    @extend_schema(operation_id="tags_retrieve", responses=TagSerializer)
    def get(self, request: Request, tag_id: int) -> Response:
        """Show a tag."""
        return Response(TagSerializer(tag_for(access_of(request), tag_id)).data)

    @extend_schema(operation_id="tags_rename", request=TagInput, responses=TagSerializer)
    def patch(self, request: Request, tag_id: int) -> Response:
        """Give a tag another name, on all images at once."""
        access = access_of(request)
        tag = tag_for(access, tag_id)
        rename_tag(access=access, tag=tag, **read_body(request, TagInput))
        return Response(TagSerializer(tag).data)

    @extend_schema(operation_id="tags_delete", responses={200: UndoSerializer})
    def delete(self, request: Request, tag_id: int) -> Response:
        """Take a tag off all images and delete it."""
        access = access_of(request)
        undoable = delete_tag(access=access, tag=tag_for(access, tag_id))
        return Response(UndoSerializer({"undo": undoable.uid}).data)


class MergeTagView(ApiView):
    """Making one tag of two."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="tags_merge", request=MergeInput, responses=UndoSerializer)
    def post(self, request: Request, tag_id: int) -> Response:
        """Let another tag take over the images of this one, which is deleted."""
        access = access_of(request)
        tag = tag_for(access, tag_id)
        wanted = read_body(request, MergeInput)["into"]
        try:
            into = tag_for(access, wanted)
        except NotVisible as refusal:
            raise InvalidInput(refusal.sentence, field="into") from refusal
        undoable = merge_tags(access=access, sources=[tag], into=into)
        return Response(UndoSerializer({"undo": undoable.uid}).data)
