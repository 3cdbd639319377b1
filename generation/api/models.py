"""The models that take requests."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.paging import page_of, page_response
from accounts.roles import Scope
from generation.api.shapes import ModelVersionSerializer
from generation.queries.models import enabled_models


class ModelVersionsView(ApiView):
    """The models of the site."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="model_versions_list", responses=page_of(ModelVersionSerializer))
    def get(self, request: Request) -> Response:
        """List the models that take requests, the default one first, all on one page."""
        return page_response(request, ModelVersionSerializer, enabled_models())
