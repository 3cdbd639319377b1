"""Who am I, and what may I do?"""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.access import access_of
from accounts.api.base import ApiView
from accounts.api.fields import Moment
from accounts.api.shapes import OrganizationSerializer, ProjectSerializer
from accounts.models import ApiToken, User
from accounts.queries.projects import organizations_of, projects_of
from accounts.roles import Scope


class TokenSerializer(serializers.Serializer[ApiToken]):
    """The token of this call, without its secret."""

    name = serializers.CharField()
    prefix = serializers.CharField()
    organization = serializers.SlugField(source="organization.slug")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=[*Scope]))
    expires_at = Moment()


class MeSerializer(serializers.Serializer[Any]):
    """The caller."""

    id = serializers.IntegerField()
    email = serializers.EmailField()
    name = serializers.CharField()
    language = serializers.CharField(help_text="Empty: as the browser asks.")
    token = TokenSerializer(allow_null=True, help_text="Null for a session.")
    organizations = OrganizationSerializer(many=True)
    projects = ProjectSerializer(many=True)


class MeView(ApiView):
    """The caller."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Show who you are and what you may do where, as far as the token reaches."""
        access = access_of(request)
        user = cast("User", request.user)
        shown = MeSerializer(
            {
                "id": user.pk,
                "email": user.email,
                "name": user.name,
                "language": user.language,
                "token": request.auth,
                "organizations": organizations_of(access),
                "projects": projects_of(access),
            },
            context={"access": access},
        )
        return Response(shown.data)
