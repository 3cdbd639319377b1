"""Reading JSON from strangers: small, flat enough, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

LARGEST_BODY = 1024 * 1024  # bytes; the largest honest body is a prompt of some kilobytes


class BodyTooLarge(APIException):
    """Nothing that the API takes is this long."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("The body is too large: at most one megabyte.")


class JsonBody(JSONParser):
    """JSON of a bounded size, whose nesting does not exhaust the interpreter."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value that was sent. Raises `BodyTooLarge` or `ParseError`."""
        meta = (parser_context or {})["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise BodyTooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("This JSON is nested too deeply.")) from error
