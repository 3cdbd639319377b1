"""The one style of lists: `{"items": [...], "next": "<address or null>"}`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import Input, Whole

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 100


CURSOR_HELP = "Where the page begins; `next` has it built in."


class LengthQuery(Input):
    """How long a page is."""

    limit = Whole(
        required=False,
        default=DEFAULT_LIMIT,
        min_value=1,
        max_value=LARGEST_LIMIT,
        help_text="The most items of a page.",
    )


class PageQuery(LengthQuery):
    """Where a page begins and how long it is."""

    cursor = Whole(required=False, default=None, help_text=CURSOR_HELP)


def page_response(
    request: Request,
    shape: type[serializers.Serializer[Any]],
    rows: Iterable[Any],
    cursor: object | None = None,
    **context: Any,
) -> Response:
    """The rows in this shape and the address of the next page, which asks for the same things."""
    following = None
    if cursor is not None:
        query = request.query_params.copy()
        query["cursor"] = str(cursor)
        following = request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
    items = shape(rows, many=True, context={"request": request, **context}).data
    return Response({"items": items, "next": following})


@cache
def page_of(item: type[serializers.Serializer[Any]]) -> Any:
    """How the schema describes a page of such items."""
    name = item.__name__.removesuffix("Serializer")
    return inline_serializer(
        name=f"{name}Page",
        fields={
            "items": item(many=True),
            "next": serializers.URLField(
                allow_null=True, help_text="The next page; null on the last one."
            ),
        },
    )
