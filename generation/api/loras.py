"""The LoRAs that can be asked for."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiView
from accounts.api.paging import page_of, page_response
from accounts.roles import Scope
from generation.api.shapes import LoraSerializer
from generation.queries.loras import enabled_loras


class LorasView(ApiView):
    """The LoRAs of the site."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="loras_list", responses=page_of(LoraSerializer))
    def get(self, request: Request) -> Response:
        """List the LoRAs that requests may name, by name, all on one page."""
        return page_response(request, LoraSerializer, enabled_loras())
