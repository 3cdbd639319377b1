"""Taking images away: one file in another form, or many as a zip."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.api.fields import Flag, Input, Text, Whole
from accounts.queries.projects import project_for
from accounts.roles import Scope
from assets.actions.using import count_download
from assets.api.operations import OperationSerializer
from assets.delivery import deliver_download
from assets.exports.naming import LONGEST_PATTERN, PLACEHOLDERS, USUAL_PATTERN, check_pattern
from assets.exports.options import (
    LARGEST_SIDE,
    SMALLEST_SIDE,
    USUAL_QUALITY,
    Contents,
    ExportOptions,
    FileFormat,
    FileOptions,
)
from assets.forms.chosen import QUERY_LIMIT, chosen_ids, chosen_search
from assets.handing_out import deliver_export
from assets.models import Operation
from assets.operations.asks import MOST_CHOSEN
from assets.operations.choosing import MOST_FOUND
from assets.operations.export_orders import order_export
from assets.queries.exported import export_for
from assets.queries.images import image_for


class FileInput(Input):
    """The form of a file; labels and settings are in each."""

    format = serializers.ChoiceField(
        choices=[form.value for form in FileFormat],
        default=FileFormat.ORIGINAL.value,
        help_text="`original` is the archived file, byte for byte unless `max_side` is smaller.",
    )
    max_side = Whole(
        required=False,
        allow_null=True,
        min_value=SMALLEST_SIDE,
        max_value=LARGEST_SIDE,
        help_text="The longest side in pixels; nothing is enlarged.",
    )
    quality = Whole(
        required=False,
        min_value=1,
        max_value=100,
        default=USUAL_QUALITY,
        help_text="For `jpeg` and `webp`.",
    )


class ExportInput(FileInput):
    """Which images, and what to make of them."""

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
        help_text=f"Instead of `images`: everything that is found, at most {MOST_FOUND}.",
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
    contents = serializers.ChoiceField(
        choices=[each.value for each in Contents], default=Contents.PICTURES.value
    )
    names = Text(
        required=False,
        max_length=LONGEST_PATTERN,
        default=USUAL_PATTERN,
        help_text="What files without an archive name are called, of: "
        + ", ".join(f"`{{{name}}}`" for name in PLACEHOLDERS),
    )
    with_json = Flag(required=False, default=False, help_text="Add `manifest.json`.")

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Ask for images or a search, and not for both."""
        if ("images" in values) == ("search" in values):
            raise serializers.ValidationError(
                {"images": "Name images, or give a search; not both."}, code="invalid"
            )
        return values


class ExportSerializer(OperationSerializer):
    """An export: how far it is, and where it is fetched once it is done."""

    file_url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_file_url(self, operation: Operation) -> str:
        """Only for the person who ordered it, for a week."""
        address = reverse("api:export-file", kwargs={"export_uid": operation.uid})
        absolute: str = self.context["request"].build_absolute_uri(address)
        return absolute


class DownloadView(ApiView):
    """A file to keep."""

    required_scopes = {"POST": Scope.READ}

    @extend_schema(
        operation_id="images_download",
        request=FileInput,
        responses={(200, "image/*"): OpenApiTypes.BINARY},
    )
    def post(self, request: Request, uid: UUID) -> HttpResponseBase:
        """Download an image in another form. It is counted; a GET of its file is not."""
        access = access_of(request)
        image = image_for(access, uid)
        options = _file_options(read_body(request, FileInput))
        response = deliver_download(request._request, image, options)
        count_download(access=access, image=image)
        return response


class ProjectExportsView(ApiView):
    """Exports of a project."""

    required_scopes = {"POST": Scope.READ}

    @extend_schema(
        operation_id="exports_create", request=ExportInput, responses={201: ExportSerializer}
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Order an export of many images. A small one is done when this answers."""
        access = access_of(request)
        project = project_for(access, project_id)
        said = read_body(request, ExportInput)
        if "images" in said:
            chosen = chosen_ids(access, project, map(str, said["images"]))
        else:
            chosen = chosen_search(
                access,
                project,
                query=said["search"],
                up_to=str(said.get("up_to") or ""),
                without=map(str, said.get("without", [])),
            )
        options = ExportOptions(
            contents=Contents(said["contents"]),
            file=_file_options(said),
            names=check_pattern(said["names"]),
            with_json=said["with_json"],
        )
        operation = order_export(access=access, project=project, chosen=chosen, options=options)
        return Response(_shown(request, operation), status=201)


class ExportView(ApiView):
    """One export."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="exports_retrieve", responses=ExportSerializer)
    def get(self, request: Request, export_uid: UUID) -> Response:
        """How far an export is."""
        return Response(_shown(request, export_for(access_of(request), export_uid)))


class ExportFileView(ApiView):
    """What an export holds."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(
        operation_id="exports_file",
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, export_uid: UUID) -> HttpResponseBase:
        """Fetch it: a zip, or a contact sheet. It is written while it is sent."""
        access = access_of(request)
        return deliver_export(request._request, access, export_for(access, export_uid))


def _file_options(said: dict[str, Any]) -> FileOptions:
    return FileOptions(
        format=FileFormat(said["format"]),
        max_side=said.get("max_side"),
        quality=said["quality"],
    )


def _shown(request: Request, operation: Operation) -> Any:
    return ExportSerializer(operation, context={"request": request}).data
