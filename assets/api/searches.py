"""Searches that somebody keeps."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body
from accounts.api.fields import Flag, Input, Moment, Text
from accounts.api.paging import page_of, page_response
from accounts.api.shapes import PersonSerializer
from accounts.queries.projects import project_for
from accounts.roles import Scope
from assets.actions.searches import change_search, delete_search, save_search
from assets.models import SavedSearch
from assets.queries.searches import search_for, searches_of


class SavedSearchSerializer(serializers.Serializer[SavedSearch]):
    """A search with a name."""

    id = serializers.IntegerField()
    project = serializers.IntegerField(source="project_id")
    owner = PersonSerializer()
    name = serializers.CharField()
    query = serializers.CharField(help_text="As the box of the gallery takes it.")
    is_shared = serializers.BooleanField()
    is_pinned = serializers.BooleanField()
    created_at = Moment()


class SavedSearchInput(Input):
    """A new one."""

    name = Text(max_length=400)
    query = Text(max_length=4000)
    is_shared = Flag(required=False, default=False)
    is_pinned = Flag(required=False, default=False)


class SavedSearchChange(Input):
    """What to change; what is left out stays."""

    name = Text(required=False, max_length=400)
    query = Text(required=False, max_length=4000)
    is_shared = Flag(required=False)
    is_pinned = Flag(required=False)


class ProjectSearchesView(ApiView):
    """The kept searches of a project."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.ORGANIZE}

    @extend_schema(operation_id="searches_list", responses=page_of(SavedSearchSerializer))
    def get(self, request: Request, project_id: int) -> Response:
        """List one's own searches, then those that others share."""
        access = access_of(request)
        found = searches_of(access, project_for(access, project_id).pk)
        return page_response(request, SavedSearchSerializer, [*found.mine, *found.shared])

    @extend_schema(
        operation_id="searches_create",
        request=SavedSearchInput,
        responses={201: SavedSearchSerializer},
    )
    def post(self, request: Request, project_id: int) -> Response:
        """Keep a search. A mistake in the query is refused, with its place."""
        access = access_of(request)
        project = project_for(access, project_id)
        values = read_body(request, SavedSearchInput)
        search = save_search(access=access, project=project, **values)
        location = reverse("api:saved-search", args=[search.pk])
        return Response(
            SavedSearchSerializer(search).data, status=201, headers={"Location": location}
        )


class SavedSearchView(ApiView):
    """One kept search."""

    required_scopes = {"GET": Scope.READ, "PATCH": Scope.ORGANIZE, "DELETE": Scope.ORGANIZE}

    @extend_schema(operation_id="searches_retrieve", responses=SavedSearchSerializer)
    def get(self, request: Request, search_id: int) -> Response:
        """Show a search."""
        return Response(SavedSearchSerializer(search_for(access_of(request), search_id)).data)

    @extend_schema(
        operation_id="searches_change",
        request=SavedSearchChange,
        responses=SavedSearchSerializer,
    )
    def patch(self, request: Request, search_id: int) -> Response:
        """Change one's own search, or as a manager of the project a shared one."""
        access = access_of(request)
        search = search_for(access, search_id)
        change_search(access=access, search=search, **read_body(request, SavedSearchChange))
        return Response(SavedSearchSerializer(search_for(access, search_id)).data)

    @extend_schema(operation_id="searches_delete", responses={204: None})
    def delete(self, request: Request, search_id: int) -> Response:
        """Forget a search."""
        access = access_of(request)
        delete_search(access=access, search=search_for(access, search_id))
        return Response(status=204)
