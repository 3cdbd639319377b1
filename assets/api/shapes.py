"""Images, reviews and templates as the API shows them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Moment
from accounts.api.shapes import PersonSerializer
from assets.models import Image, ImageComment, Review, TemplateVersion
from assets.queries.templates import Entry
from assets.suggestions import Suggestions
from assets.types import Decision, RenditionKind, ReviewStatus, VersionStatus
from assets.variables import variables_in


class ImageSerializer(serializers.Serializer[Image]):
    """One picture of the archive."""

    uid = serializers.UUIDField()
    project = serializers.IntegerField(source="project_id")
    created_by = PersonSerializer()
    created_at = Moment()
    review_status = serializers.ChoiceField(choices=ReviewStatus.choices)
    archive_name = serializers.CharField(
        allow_null=True, help_text="Given when the image is approved for the first time."
    )
    sha256 = serializers.CharField()
    bytes = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    prompt = serializers.CharField()
    negative_prompt = serializers.CharField()
    seed = serializers.IntegerField(
        allow_null=True, help_text="`null`, like the next two, where an imported picture is silent."
    )
    steps = serializers.IntegerField(allow_null=True)
    cfg = serializers.FloatField(allow_null=True)
    model_name = serializers.CharField()
    is_preview = serializers.BooleanField(help_text="A stand-in that no model had a part in.")
    request = serializers.UUIDField(source="request_id", allow_null=True)
    file_url = serializers.SerializerMethodField()
    preview_url = serializers.SerializerMethodField()
    thumb_url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_file_url(self, image: Image) -> str:
        """Where the original is downloaded."""
        return self._link("api:image-file", image.uid)

    @extend_schema_field(OpenApiTypes.URI)
    def get_preview_url(self, image: Image) -> str:
        """Where a picture for the screen is downloaded."""
        return self._link("api:image-rendition", image.uid, RenditionKind.PREVIEW.value)

    @extend_schema_field(OpenApiTypes.URI)
    def get_thumb_url(self, image: Image) -> str:
        """Where a small picture is downloaded."""
        return self._link("api:image-rendition", image.uid, RenditionKind.THUMB.value)

    def _link(self, name: str, *words: object) -> str:
        address: str = self.context["request"].build_absolute_uri(reverse(name, args=words))
        return address


class RecordSerializer(ImageSerializer):
    """One picture with its whole record."""

    metadata = serializers.DictField(
        help_text="Everything that is known about how it came to be; the file carries it too."
    )


class ReviewSerializer(serializers.Serializer[Review]):
    """One decision, bound to the bytes that were looked at."""

    id = serializers.IntegerField()
    reviewer = PersonSerializer()
    decision = serializers.ChoiceField(choices=Decision.choices)
    comment = serializers.CharField()
    sha256 = serializers.CharField()
    created_at = Moment()


class CommentSerializer(serializers.Serializer[ImageComment]):
    """What somebody wrote beside an image."""

    id = serializers.IntegerField()
    author = PersonSerializer()
    text = serializers.CharField()
    created_at = Moment()
    edited_at = Moment(allow_null=True)


class SuggestionsSerializer(serializers.Serializer[Suggestions]):
    """What a template suggests besides its words; null leaves it to the model."""

    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    steps = serializers.IntegerField(allow_null=True)
    cfg = serializers.FloatField(allow_null=True)
    examples = serializers.DictField(child=serializers.CharField())


class VersionSerializer(serializers.Serializer[TemplateVersion]):
    """The words of a template at one point of its life."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    status = serializers.ChoiceField(choices=VersionStatus.choices)
    prompt = serializers.CharField()
    negative_prompt = serializers.CharField()
    variables = serializers.SerializerMethodField()
    suggestions = serializers.SerializerMethodField()
    created_by = PersonSerializer()
    created_at = Moment()
    published_by = PersonSerializer(allow_null=True)
    published_at = Moment(allow_null=True)

    def get_variables(self, version: TemplateVersion) -> list[str]:
        """The names between the braces of the prompt."""
        return list(variables_in(version.prompt))

    @extend_schema_field(SuggestionsSerializer)
    def get_suggestions(self, version: TemplateVersion) -> Any:
        """What the version suggests."""
        return SuggestionsSerializer(Suggestions.from_json(version.defaults)).data


class TemplateSerializer(serializers.Serializer[Entry]):
    """A template and the version that is used."""

    id = serializers.IntegerField(source="template.pk")
    organization = serializers.IntegerField(source="template.organization_id")
    name = serializers.CharField(source="template.name")
    description = serializers.CharField(source="template.description")
    created_at = Moment(source="template.created_at")
    retired_at = Moment(source="template.retired_at", allow_null=True)
    is_usable = serializers.BooleanField()
    published = VersionSerializer(allow_null=True, help_text="The version that is used.")


class TemplateHistorySerializer(TemplateSerializer):
    """A template and all its versions."""

    versions = VersionSerializer(many=True, help_text="Newest first; editors see the draft too.")
