"""Settings of the REST API: who may call, how often, and how it describes itself."""

from __future__ import annotations

from typing import Any

# Calls per minute of an address to what is answered without a sign-in: the schema.
VISITOR_RATE = 60


def rest_framework(*, reads: int, writes: int) -> dict[str, Any]:
    """REST framework's settings, with how many calls a person may make in a minute."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "accounts.api.authentication.TokenAuthentication",
            "accounts.api.authentication.PersonSessionAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.ScopeRequired"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["accounts.api.parsing.JsonBody"],
        "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.negotiation.AlwaysTheFirst",
        "DEFAULT_METADATA_CLASS": None,  # the schema says it better than OPTIONS
        "DEFAULT_THROTTLE_CLASSES": [
            "accounts.api.throttling.ReadThrottle",
            "accounts.api.throttling.WriteThrottle",
        ],
        "DEFAULT_THROTTLE_RATES": {
            "read": f"{reads}/min",
            "write": f"{writes}/min",
            "visitor": f"{VISITOR_RATE}/min",
        },
        "DEFAULT_SCHEMA_CLASS": "accounts.api.documenting.ApiSchema",
        "EXCEPTION_HANDLER": "portal.errors.api_exception_handler",
        "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
        "DEFAULT_VERSIONING_CLASS": None,
    }


SPECTACULAR = {
    "TITLE": "Atelier API",
    "VERSION": "1",
    "DESCRIPTION": "Projects, requests, jobs, images, reviews and templates of an Atelier site.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ReviewStatus": "assets.types.ReviewStatus",
        "VersionStatus": "assets.types.VersionStatus",
        "JobStatus": "generation.types.JobStatus",
        "JobPhase": "generation.types.JobPhase",
        "Decision": "assets.types.Decision",
        "OperationKind": "assets.types.OperationKind",
        "OperationStatus": "assets.types.OperationStatus",
        "ItemState": "assets.types.ItemState",
        "UndoKind": "assets.types.UndoKind",
        "Scope": "accounts.roles.Scope",
        "Permission": "accounts.roles.Permission",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.documenting.refuse_unknown_fields",
    ],
}
