"""`/api/v1/`: the addresses of every app, the schema that describes them, and JSON for the rest."""

from __future__ import annotations

from functools import cache
from typing import Any, NoReturn

from django.urls import path, re_path
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.throttling import VisitorThrottle
from accounts.api.urls import urlpatterns as people
from accounts.errors import NotVisible
from assets.api.urls import urlpatterns as archive
from generation.api.urls import urlpatterns as work


class SchemaView(ApiView):
    """The schema, for everybody: it says nothing about anybody's data."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [VisitorThrottle]
    content_negotiation_class = DefaultContentNegotiation
    renderer_classes = [
        OpenApiJsonRenderer2,
        OpenApiJsonRenderer,
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
    ]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """The OpenAPI document as JSON, or as YAML to who asks for it in `Accept`."""
        return Response(_schema(get_language()))


class NothingHereView(ApiView):
    """Every other address."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        """Say it in JSON, whatever the method."""
        raise NotFound(NotVisible.default_sentence)


@cache
def _schema(language: str | None) -> dict[str, Any]:
    """The document; made once in each process, because that takes a moment."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema


app_name = "api"
urlpatterns = [
    *people,
    *archive,
    *work,
    path("schema/", SchemaView.as_view(), name="schema"),
    re_path("", extend_schema(exclude=True)(NothingHereView).as_view(), name="nothing-here"),
]
