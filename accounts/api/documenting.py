"""What the OpenAPI schema says beyond the views' own words: refusals, scopes, ways to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.permissions import AllowAny

REFUSALS = {
    400: "Something that was sent is wrong; `field` says what.",
    401: "Nobody is signed in, or the token is not valid (any more).",
    403: "The role, or the token's scopes, do not allow this.",
    404: "There is nothing here, or it is not shared with you.",
    409: "The thing is not in the state that this needs; somebody may have been faster.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    429: "A limit is reached, or there were too many calls; see `Retry-After`.",
}


class FaultSerializer(serializers.Serializer[Any]):
    """One fault."""

    code = serializers.CharField(help_text="Stable, for programs.")
    field = serializers.CharField(
        allow_blank=True, help_text="The input at fault, or empty. Nested names have dots."
    )
    sentence = serializers.CharField(help_text="For people, in their language.")


class ErrorSerializer(FaultSerializer):
    """Every refusal. The first fault is repeated at the top."""

    errors = FaultSerializer(many=True)  # type: ignore[assignment]  # a field, not the property


class ApiSchema(AutoSchema):
    """Adds to each operation the refusals it can answer with and the scope that a token needs."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation of one method of one view."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        error = self.resolve_serializer(ErrorSerializer(), "response").ref
        for status in self._refusals(operation):
            operation["responses"][str(status)] = {
                "description": REFUSALS[status],
                "content": {"application/json": {"schema": error}},
            }
        if scope := getattr(self.view, "required_scopes", {}).get(self.method):
            operation["x-required-scope"] = scope.value
            operation["description"] += f"\n\nA token needs the scope `{scope.value}`."
        elif AllowAny not in self.view.permission_classes:
            operation["security"] = [{"session": []}]
            operation["description"] += "\n\nNo token can do this; a person's session can."
        return operation

    def _refusals(self, operation: dict[str, Any]) -> Iterator[int]:
        parameters = operation.get("parameters", [])
        if "requestBody" in operation or any(each["in"] == "query" for each in parameters):
            yield 400
        if AllowAny not in self.view.permission_classes:
            yield from (401, 403)
        if any(each["in"] == "path" for each in parameters):
            yield 404
        # What is created is new; everything else that is written has a state of its own.
        if self.method != "GET" and "200" in operation["responses"]:
            yield 409
        if "requestBody" in operation:
            yield from (413, 415)
        yield 429


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tokens in the schema."""

    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A bearer token."""
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API token from your profile.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Sessions in the schema."""

    target_class = "accounts.api.authentication.PersonSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """The session's cookie; writes need the header `X-CSRFToken` as well."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The session of the pages. Writes also need the header X-CSRFToken.",
        }


def refuse_unknown_fields(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Say in the schema that bodies take no other fields (a postprocessing hook)."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
    return result
