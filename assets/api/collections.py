"""Collections and what lies in them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Moment, Text, Whole
from accounts.api.paging import LengthQuery, page_of, page_response
from accounts.api.shapes import PersonSerializer
from accounts.errors import InvalidInput, NotVisible
from accounts.queries.projects import project_for
from accounts.roles import Scope
from assets.actions.collecting import (
    collect_images,
    move_images_in_collection,
    uncollect_images,
)
from assets.actions.collections import (
    create_collection,
    delete_collection,
    edit_collection,
    move_collection,
    set_cover,
)
from assets.api.organizing import UndoSerializer
from assets.api.shapes import ImageSerializer
from assets.models import Collection, Image
from assets.queries.collections import (
    Place,
    collection_for,
    collections_of,
    images_in,
    size_of,
)
from assets.queries.images import images_named

IMAGES_AT_ONCE = 500


class CollectionSerializer(serializers.Serializer[Collection]):
    """A named, ordered set of images."""

    id = serializers.IntegerField()
    project = serializers.IntegerField(source="project_id")
    parent = serializers.IntegerField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    name = serializers.CharField()
    notes = serializers.CharField()
    cover = serializers.SerializerMethodField()
    created_by = PersonSerializer()
    created_at = Moment()

    def get_cover(self, collection: Collection) -> str | None:
        """The image that was chosen as cover; null: the first one."""
        return str(collection.cover.uid) if collection.cover else None


class CountedCollectionSerializer(CollectionSerializer):
    """A collection and how many images it shows."""

    image_count = serializers.SerializerMethodField()

    def get_image_count(self, collection: Collection) -> int:
        """Without those in the trash."""
        return size_of(self.context["access"], collection)


class CollectionInput(Input):
    """A new collection."""

    name = Text(max_length=400)
    notes = Text(required=False, default="", allow_blank=True, max_length=4000)
    parent = Whole(required=False, default=None, allow_null=True, min_value=1)  # type: ignore[assignment]


class CollectionChange(Input):
    """What to change; what is left out stays."""

    name = Text(required=False, max_length=400)
    notes = Text(required=False, allow_blank=True, max_length=4000)
    cover = serializers.UUIDField(required=False, allow_null=True, help_text="null: the first.")


class PlaceInput(Input):
    """Where a collection goes."""

    parent = Whole(allow_null=True, min_value=1, help_text="null: the top.")  # type: ignore[assignment]
    before = Whole(
        required=False, default=None, allow_null=True, min_value=1, help_text="null: the end."
    )


class ImagesInput(Input):
    """Some images of the project."""

    images = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=IMAGES_AT_ONCE
    )


class OrderInput(ImagesInput):
    """Images of the collection, in their new order, and the one before which they go."""

    before = serializers.UUIDField(
        required=False, default=None, allow_null=True, help_text="null: the end."
    )


class PlacesQuery(LengthQuery):
    """Where a page of a collection begins and how long it is."""

    cursor = Text(required=False, default="", allow_blank=True, max_length=40)


class ChangedSerializer(serializers.Serializer[Any]):
    """How many images were changed."""

    changed = serializers.IntegerField()


class ProjectCollectionsView(ApiView):
    """The collections of a project."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.ORGANIZE}

    @extend_schema(operation_id="collections_list", responses=page_of(CollectionSerializer))
    def get(self, request: Request, project_id: int) -> Response:
        """List all collections, in order within each `parent`."""
        access = access_of(request)
        project = project_for(access, project_id)
        rows = collections_of(access, project.pk).select_related("created_by", "cover")
        return page_response(request, CollectionSerializer, rows)

    @extend_schema(
        operation_id="collections_create",
        request=CollectionInput,
        responses={201: CountedCollectionSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Begin a collection, as the last one inside its parent."""
        access = access_of(request)
        project = project_for(access, project_id)
        values = read_body(request, CollectionInput)
        parent = _named(access, values.pop("parent"), "parent")
        collection = create_collection(access=access, project=project, parent=parent, **values)
        location = reverse("api:collection", args=[collection.pk])
        return _answer(access, collection.pk, status=201, headers={"Location": location})


class CollectionView(ApiView):
    """One collection."""

    required_scopes = {"GET": Scope.READ, "PATCH": Scope.ORGANIZE, "DELETE": Scope.ORGANIZE}

    @extend_schema(operation_id="collections_retrieve", responses=CountedCollectionSerializer)
    def get(self, request: Request, collection_id: int) -> Response:
        """Show a collection."""
        return _answer(access_of(request), collection_id)

    @extend_schema(
        operation_id="collections_change",
        request=CollectionChange,
        responses=CountedCollectionSerializer,
    )
    def patch(self, request: Request, collection_id: int) -> Response:
        """Change the name, the notes or the cover."""
        access = access_of(request)
        collection = collection_for(access, collection_id)
        values = read_body(request, CollectionChange)
        if "cover" in values:
            cover = values.pop("cover")
            image = _images(access, [cover], "cover")[0] if cover else None
            set_cover(access=access, collection=collection, image=image)
        edit_collection(access=access, collection=collection, **values)
        return _answer(access, collection_id)

    @extend_schema(operation_id="collections_delete", responses={200: UndoSerializer})
    def delete(self, request: Request, collection_id: int) -> Response:
        """Delete a collection and those inside it. The images stay in the gallery."""
        access = access_of(request)
        undoable = delete_collection(
            access=access, collection=collection_for(access, collection_id)
        )
        return Response(UndoSerializer({"undo": undoable.uid}).data)


class MoveCollectionView(ApiView):
    """The place of a collection."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="collections_move",
        request=PlaceInput,
        responses=CountedCollectionSerializer,
    )
    def post(self, request: Request, collection_id: int) -> Response:
        """Put a collection into another one, or to another place among those beside it."""
        access = access_of(request)
        collection = collection_for(access, collection_id)
        values = read_body(request, PlaceInput)
        move_collection(
            access=access,
            collection=collection,
            parent=_named(access, values["parent"], "parent"),
            before=_named(access, values["before"], "before"),
        )
        return _answer(access, collection_id)


class CollectionImagesView(ApiView):
    """The images of a collection."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="collection_images_list",
        parameters=[PlacesQuery],
        responses=page_of(ImageSerializer),
    )
    def get(self, request: Request, collection_id: int) -> Response:
        """List the images in the collection's order."""
        access = access_of(request)
        collection = collection_for(access, collection_id)
        query = read_query(request, PlacesQuery)
        after = Place.read(query["cursor"])
        if query["cursor"] and after is None:
            raise InvalidInput(field="cursor")
        images, cursor = images_in(access, collection, after=after, size=query["limit"])
        return page_response(request, ImageSerializer, images, cursor)

    @extend_schema(
        operation_id="collection_images_add", request=ImagesInput, responses=ChangedSerializer
    )
    def post(self, request: Request, collection_id: int) -> Response:
        """Put images at the end of a collection, in this order; those that are in it stay."""
        access = access_of(request)
        collection = collection_for(access, collection_id)
        images = _images(access, read_body(request, ImagesInput)["images"])
        new = collect_images(access=access, collection=collection, images=images)
        return Response(ChangedSerializer({"changed": len(new)}).data)


class RemoveImagesView(ApiView):
    """Taking images out."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="collection_images_remove", request=ImagesInput, responses=ChangedSerializer
    )
    def post(self, request: Request, collection_id: int) -> Response:
        """Take images out of a collection."""
        access = access_of(request)
        collection = collection_for(access, collection_id)
        images = _images(access, read_body(request, ImagesInput)["images"])
        places = uncollect_images(access=access, collection=collection, images=images)
        return Response(ChangedSerializer({"changed": len(places)}).data)


class OrderImagesView(ApiView):
    """The order of the images."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(
        operation_id="collection_images_order", request=OrderInput, responses={204: None}
    )
    def post(self, request: Request, collection_id: int) -> Response:
        """Put images of a collection before another one of it, or at the end."""
        access = access_of(request)
        collection = collection_for(access, collection_id)
        values = read_body(request, OrderInput)
        before = values["before"]
        move_images_in_collection(
            access=access,
            collection=collection,
            images=_images(access, values["images"]),
            before=_images(access, [before], "before")[0] if before else None,
        )
        return Response(status=204)


def _answer(access: Access, collection_id: int, **options: Any) -> Response:
    collection = collection_for(access, collection_id)
    shown = CountedCollectionSerializer(collection, context={"access": access})
    return Response(shown.data, **options)


def _named(access: Access, collection_id: int | None, field: str) -> Collection | None:
    """A collection that a body names; a fault of the field when there is none."""
    if collection_id is None:
        return None
    try:
        return collection_for(access, collection_id)
    except NotVisible as refusal:
        raise InvalidInput(refusal.sentence, field=field) from refusal


def _images(access: Access, uids: Any, field: str = "images") -> list[Image]:
    try:
        return images_named(access, uids)
    except NotVisible as refusal:
        raise InvalidInput(refusal.sentence, field=field) from refusal
