"""Every address of the site, filled with the ids of one organization's things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OURS = ("accounts", "assets", "generation")


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name, its path with the parameters filled, whether it names a thing."""

    name: str
    path: str
    names_a_thing: bool


def addresses(values: Mapping[str, Any]) -> Iterator[Address]:
    """Every pattern of the site.

    `values` fills parameters, by `<url name>:<parameter>` or by the parameter alone. A pattern with
    a parameter that is not there raises `KeyError`: whoever adds one has to say what it means.
    """
    yield from _walk(get_resolver(), "/", "", values)


def _walk(
    resolver: URLResolver, prefix: str, namespace: str, values: Mapping[str, Any]
) -> Iterator[Address]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each, prefix + _fill(each, inner, values), inner, values)
        else:
            name = f"{namespace}{each.name}"
            path = prefix + _fill(each, name, values)
            yield Address(name, path, "<" in str(each.pattern) or "(?P<" in str(each.pattern))


def _fill(pattern: URLPattern | URLResolver, name: str, values: Mapping[str, Any]) -> str:
    text = str(pattern.pattern)

    def value(match: re.Match[str]) -> str:
        parameter = match["name"]
        specific = f"{name}:{parameter}"
        return str(values[specific] if specific in values else values[parameter])

    text = re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", value, text)
    text = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, text)
    return text.removeprefix("^").removesuffix("$").removesuffix(r"\Z").replace("\\", "")


def rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of the project's own tables, to see whether anything changed."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for label in OURS
        for model in apps.get_app_config(label).get_models()
    }
