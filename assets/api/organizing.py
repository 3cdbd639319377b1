"""Stars, ratings and tags of single images; many at once are an operation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.api.fields import Flag, Input, Text, Whole
from accounts.roles import Scope
from assets.actions.marking import rate_images, star_images
from assets.actions.tagging import tag_images, untag_images
from assets.actions.undoing import undo
from assets.models import Image
from assets.queries.images import image_for
from assets.queries.marks import NO_MARKS, marks_of
from assets.queries.tags import tags_of_image
from assets.queries.undoables import undoable_for

TAGS_AT_ONCE = 20


class MarksInput(Input):
    """What to change about one's own marks; what is left out stays."""

    starred = Flag(required=False)
    rating = Whole(required=False, max_value=5, help_text="1 to 5; 0 takes the rating back.")


class MarksSerializer(serializers.Serializer[Any]):
    """One's own star and rating, and everybody's mean."""

    starred = serializers.BooleanField()
    rating = serializers.IntegerField(help_text="0: not rated.")
    mean_rating = serializers.FloatField(allow_null=True)
    rating_count = serializers.IntegerField()


class ImageTagsInput(Input):
    """Tags to put on and to take off; those that do not exist yet are made."""

    add = serializers.ListField(
        child=Text(max_length=400), required=False, default=list, max_length=TAGS_AT_ONCE
    )
    remove = serializers.ListField(
        child=Text(max_length=400), required=False, default=list, max_length=TAGS_AT_ONCE
    )


class ImageTagsSerializer(serializers.Serializer[Any]):
    """The tags of an image."""

    tags = serializers.ListField(child=serializers.CharField())


class MarksView(ApiView):
    """One's own marks of an image."""

    required_scopes = {"GET": Scope.READ, "PATCH": Scope.ORGANIZE}

    @extend_schema(operation_id="marks_retrieve", responses=MarksSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        """Show how the token's owner marked an image. Nobody else sees it, but for the mean."""
        access = access_of(request)
        return _marks(access, image_for(access, uid))

    @extend_schema(operation_id="marks_change", request=MarksInput, responses=MarksSerializer)
    def patch(self, request: Request, uid: UUID) -> Response:
        """Star or rate an image."""
        access = access_of(request)
        image = image_for(access, uid)
        values = read_body(request, MarksInput)
        options: dict[str, Any] = {"access": access, "project": image.project, "images": [image]}
        if "starred" in values:
            star_images(**options, starred=values["starred"])
        if "rating" in values:
            rate_images(**options, rating=values["rating"])
        image.refresh_from_db(fields=["rating", "rating_count"])
        return _marks(access, image)


class ImageTagsView(ApiView):
    """The tags of an image."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.ORGANIZE}

    @extend_schema(operation_id="image_tags_list", responses=ImageTagsSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        """List the tags of an image, in the order in which they were put on."""
        access = access_of(request)
        return _tags(access, image_for(access, uid))

    @extend_schema(
        operation_id="image_tags_change", request=ImageTagsInput, responses=ImageTagsSerializer
    )
    def post(self, request: Request, uid: UUID) -> Response:
        """Put tags on an image and take tags off it."""
        access = access_of(request)
        image = image_for(access, uid)
        values = read_body(request, ImageTagsInput)
        options: dict[str, Any] = {"access": access, "project": image.project, "images": [image]}
        if values["remove"]:
            untag_images(**options, names=values["remove"])
        if values["add"]:
            tag_images(**options, names=values["add"])
        return _tags(access, image)


class UndoView(ApiView):
    """Taking back what was done at once."""

    required_scopes = {"POST": Scope.ORGANIZE}

    @extend_schema(operation_id="undo", request=None, responses={204: None})
    def post(self, request: Request, undo_id: UUID) -> Response:
        """Take back a merge of tags or a deletion, within 30 days."""
        access = access_of(request)
        undo(access=access, undoable=undoable_for(access, undo_id))
        return Response(status=204)


class UndoSerializer(serializers.Serializer[Any]):
    """The way back."""

    undo = serializers.UUIDField(help_text="For `/undo/<undo>/`, within 30 days.")


def _marks(access: Access, image: Image) -> Response:
    own = marks_of(access, [image]).get(image.pk, NO_MARKS)
    shown = {
        "starred": own.starred,
        "rating": own.rating,
        "mean_rating": image.rating,
        "rating_count": image.rating_count,
    }
    return Response(MarksSerializer(shown).data)


def _tags(access: Access, image: Image) -> Response:
    names = [tag.name for tag in tags_of_image(access, image.pk)]
    return Response(ImageTagsSerializer({"tags": names}).data)
