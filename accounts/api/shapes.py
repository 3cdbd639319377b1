"""People, organizations and projects as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from accounts.access import Access
from accounts.api.fields import Moment
from accounts.models import Organization, Project, User
from accounts.roles import Permission


class PersonSerializer(serializers.Serializer[User]):
    """A person, as far as other members see them."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="get_full_name")


class OrganizationSerializer(serializers.Serializer[Organization]):
    """An organization and what the caller may do in it."""

    id = serializers.IntegerField()
    slug = serializers.SlugField()
    name = serializers.CharField()
    time_zone = serializers.CharField()
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, organization: Organization) -> list[Permission]:
        """What the caller may do in the organization itself."""
        access: Access = self.context["access"]
        return sorted(access.organizations.get(organization.pk, ()))


class ProjectSerializer(serializers.Serializer[Project]):
    """A project and what the caller may do in it."""

    id = serializers.IntegerField()
    organization = serializers.SlugField(source="organization.slug")
    name = serializers.CharField()
    description = serializers.CharField()
    created_at = Moment()
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, project: Project) -> list[Permission]:
        """What the caller may do in the project."""
        access: Access = self.context["access"]
        return sorted(access.projects.get(project.pk, ()))
