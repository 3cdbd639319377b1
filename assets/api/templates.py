"""The prompt library of an organization."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.api.access import access_of
from accounts.api.base import ApiView, read_body, read_query
from accounts.api.fields import Input, Text, Texts, Whole
from accounts.api.paging import page_of, page_response
from accounts.queries.projects import organization_for
from accounts.roles import Scope
from assets.actions.templating import (
    DESCRIPTION_LIMIT,
    create_template,
    publish_version,
    restore_template,
    retire_template,
    save_draft,
)
from assets.api.shapes import TemplateHistorySerializer, TemplateSerializer, VersionSerializer
from assets.models import PromptTemplate, TemplateVersion
from assets.queries.templates import library, template_for
from assets.suggestions import EXAMPLE_LIMIT, LARGEST_CFG, SIDES, STEPS, Suggestions


class LibraryQuery(Input):
    """Which templates to list."""

    text = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=PromptTemplate.NAME_LIMIT,
        help_text="A part of the name.",
    )


class SuggestionsInput(Input):
    """What a template suggests besides its words; what is left out is the model's choice."""

    width = Whole(required=False, allow_null=True, min_value=SIDES[0], max_value=SIDES[-1])
    height = Whole(required=False, allow_null=True, min_value=SIDES[0], max_value=SIDES[-1])
    steps = Whole(required=False, allow_null=True, min_value=STEPS[0], max_value=STEPS[-1])
    cfg = serializers.FloatField(
        required=False, allow_null=True, min_value=0, max_value=LARGEST_CFG
    )
    examples = Texts(
        required=False, limit=EXAMPLE_LIMIT, most=50, help_text="An example for each variable."
    )


class DraftInput(Input):
    """The words of a draft."""

    prompt = Text(
        max_length=TemplateVersion.PROMPT_LIMIT,
        help_text="`{name}` is a variable; `{{` and `}}` are plain braces.",
    )
    negative_prompt = Text(
        required=False, default="", allow_blank=True, max_length=TemplateVersion.PROMPT_LIMIT
    )
    suggestions = SuggestionsInput(required=False, default=dict)


class TemplateInput(DraftInput):
    """A new template with its first draft."""

    name = Text(max_length=PromptTemplate.NAME_LIMIT)
    description = Text(required=False, default="", allow_blank=True, max_length=DESCRIPTION_LIMIT)


class OrganizationTemplatesView(ApiView):
    """The library of an organization."""

    required_scopes = {"GET": Scope.READ, "POST": Scope.MANAGE}

    @extend_schema(
        operation_id="templates_list",
        parameters=[LibraryQuery],
        responses=page_of(TemplateSerializer),
    )
    def get(self, request: Request, slug: str) -> Response:
        """List the templates by name, all on one page. Editors see drafts and retired ones too."""
        access = access_of(request)
        organization = organization_for(access, slug)
        entries = library(access, organization, **read_query(request, LibraryQuery))
        return page_response(request, TemplateSerializer, entries)

    @extend_schema(
        operation_id="templates_create",
        request=TemplateInput,
        responses={201: TemplateHistorySerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Start a template with its first draft; nobody else sees it before it is published."""
        access = access_of(request)
        organization = organization_for(access, slug)
        values = _read(request, TemplateInput)
        template = create_template(access=access, organization=organization, **values)
        location = reverse("api:template", args=[template.pk])
        return _answer(access, template.pk, status=201, headers={"Location": location})


class TemplateView(ApiView):
    """One template."""

    required_scopes = {"GET": Scope.READ}

    @extend_schema(operation_id="templates_retrieve", responses=TemplateHistorySerializer)
    def get(self, request: Request, template_id: int) -> Response:
        """Show a template with its versions, newest first."""
        return _answer(access_of(request), template_id)


class DraftView(ApiView):
    """The draft of a template."""

    required_scopes = {"PUT": Scope.MANAGE}

    @extend_schema(
        operation_id="templates_save_draft", request=DraftInput, responses={200: VersionSerializer}
    )
    def put(self, request: Request, template_id: int) -> Response:
        """Write the words of the draft; after a publication this starts the next version."""
        access = access_of(request)
        template = template_for(access, template_id).template
        values = _read(request, DraftInput)
        draft = save_draft(access=access, template=template, **values)
        return Response(VersionSerializer(draft).data)


class PublishView(ApiView):
    """Publishing."""

    required_scopes = {"POST": Scope.MANAGE}

    @extend_schema(
        operation_id="templates_publish", request=None, responses=TemplateHistorySerializer
    )
    def post(self, request: Request, template_id: int) -> Response:
        """Freeze the draft and offer it to everybody in the organization."""
        access = access_of(request)
        publish_version(access=access, template=template_for(access, template_id).template)
        return _answer(access, template_id)


class RetireView(ApiView):
    """Retiring."""

    required_scopes = {"POST": Scope.MANAGE}

    @extend_schema(
        operation_id="templates_retire", request=None, responses=TemplateHistorySerializer
    )
    def post(self, request: Request, template_id: int) -> Response:
        """Take a template out of the library; pictures made with it keep their record."""
        access = access_of(request)
        retire_template(access=access, template=template_for(access, template_id).template)
        return _answer(access, template_id)


class RestoreView(ApiView):
    """Restoring."""

    required_scopes = {"POST": Scope.MANAGE}

    @extend_schema(
        operation_id="templates_restore", request=None, responses=TemplateHistorySerializer
    )
    def post(self, request: Request, template_id: int) -> Response:
        """Put a retired template back into the library."""
        access = access_of(request)
        restore_template(access=access, template=template_for(access, template_id).template)
        return _answer(access, template_id)


def _read(request: Request, shape: type[DraftInput]) -> dict[str, Any]:
    values = read_body(request, shape)
    return {**values, "suggestions": Suggestions(**values["suggestions"])}


def _answer(access: Access, template_id: int, **options: Any) -> Response:
    shown = TemplateHistorySerializer(template_for(access, template_id))
    return Response(shown.data, **options)
