"""Images: lists, records and files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_query
from accounts.api.fields import Flag, Input, Text, Whole
from accounts.api.paging import PageQuery, page_of, page_response
from accounts.queries.projects import project_for
from accounts.roles import Scope
from assets.api.shapes import ImageSerializer, RecordSerializer
from assets.delivery import deliver_original, deliver_rendition
from assets.queries.gallery import TEXT_LIMIT, GallerySearch
from assets.queries.images import image_for
from assets.search.language import LENGTH_LIMIT, parse
from assets.types import RenditionKind, ReviewStatus


class GalleryQuery(PageQuery):
    """What to look for in a gallery; the filters of the page, all of them together."""

    q = Text(
        required=False,
        max_length=LENGTH_LIMIT,
        allow_blank=True,
        trim_whitespace=False,
        help_text="A query in the search language, as in the search box: "
        "`panda -grass by:me status:approved steps:>=8 sort:rating`.",
    )
    text = Text(
        required=False,
        max_length=TEXT_LIMIT,
        allow_blank=True,
        help_text="Words of the prompt, every one of them.",
    )
    status = serializers.ChoiceField(choices=ReviewStatus.choices, required=False)
    person = Whole(required=False, help_text="The id of the maker.")
    model = Text(required=False, max_length=80, help_text="The name of the model.")

    def validate_q(self, value: str) -> str:
        """The query; each thing in it that means nothing is a fault that names its place."""
        if mistakes := parse(value).mistakes:
            raise serializers.ValidationError([str(mistake) for mistake in mistakes])
        return value


class FileQuery(Input):
    """How the original is answered."""

    download = Flag(
        required=False, default=False, help_text="As a file to keep, under its archive name."
    )


class ProjectImagesView(ApiView):
    """The gallery of a project."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="images_list", parameters=[GalleryQuery], responses=page_of(ImageSerializer)
    )
    def get(self, request: Request, project_id: int) -> Response:
        """List the images of a project that a query finds, newest first."""
        access = access_of(request)
        project = project_for(access, project_id)
        query = read_query(request, GalleryQuery)
        page = _search(query).page(access, project.pk, size=query["limit"])
        return page_response(request, ImageSerializer, page.images, page.cursor)


class ImageView(ApiView):
    """One image."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="images_retrieve", responses=RecordSerializer)
    def get(self, request: Request, uid: UUID) -> Response:
        """Show everything that is known about an image."""
        image = image_for(access_of(request), uid)
        return Response(RecordSerializer(image, context={"request": request}).data)


class FileView(ApiView):
    """The original file."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="images_file",
        parameters=[FileQuery],
        responses={(200, "image/png"): OpenApiTypes.BINARY, 304: None},
    )
    def get(self, request: Request, uid: UUID) -> HttpResponseBase:
        """Download the picture as it was archived; its SHA-256 is the `ETag`."""
        query = read_query(request, FileQuery)
        return deliver_original(request._request, access_of(request), uid, **query)


class RenditionView(ApiView):
    """A smaller file."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="images_rendition",
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=RenditionKind.values)
        ],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, 304: None},
    )
    def get(self, request: Request, uid: UUID, kind: str) -> HttpResponseBase:
        """Download a smaller picture for the screen."""
        return deliver_rendition(request._request, access_of(request), uid, kind)


def _search(query: dict[str, Any]) -> GallerySearch:
    """The gallery's own search, which reads text."""
    names = ("q", "text", "status", "person", "model", "cursor")
    return GallerySearch.from_query(
        {name: str(query[name]) for name in names if query.get(name) is not None}
    )
