"""Inputs that take what the documentation says and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LARGEST_INTEGER = 2**63 - 1


class Input(serializers.Serializer[Any]):
    """A body or a query string. A name that it does not know is a fault: it is often a typo."""

    def to_internal_value(self, data: Any) -> Any:
        """Read the known fields; refuse unknown ones by name."""
        if isinstance(data, Mapping):
            unknown = sorted(str(name) for name in data if name not in self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {
                        _printable(name): [
                            serializers.ErrorDetail(_("There is no such field."), code="unknown")
                        ]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """Text and only text: a number is not silently made into one."""

    def to_internal_value(self, data: Any) -> str:
        """The text, without space around it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number that fits a database column; `1.0` and `"1"` in a body are refused."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("min_value", 0)
        options.setdefault("max_value", LARGEST_INTEGER)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if isinstance(data, bool | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """`true` or `false`, in a body or in a query string."""

    TRUE_VALUES = {True, "true"}
    FALSE_VALUES = {False, "false"}


class Moment(serializers.DateTimeField):
    """A point in time as the API shows it: always in UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Texts(serializers.DictField):
    """Some texts by name; the names are text as well, without characters that are not."""

    def __init__(self, *, limit: int, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(
            child=Text(max_length=limit, allow_blank=True, trim_whitespace=False), **options
        )

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """The texts by name."""
        if isinstance(data, dict) and len(data) > self.most:
            raise serializers.ValidationError(_("These are too many."))
        texts: dict[str, str] = super().to_internal_value(data)
        name = Text(max_length=200, allow_blank=True)
        return {name.run_validation(key): value for key, value in texts.items()}


def _printable(name: str) -> str:
    return name[:80].encode("utf-8", "replace").decode()
