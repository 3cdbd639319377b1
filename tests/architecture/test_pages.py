"""Pages only show: no queries in views, the API or templates."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules, templates

IN_TEMPLATES = re.compile(r"\.(objects|filter|exclude|order_by|exists|all|first|last)\b(?!\.html)")
TAG = re.compile(r"{[{%](.*?)[%}]}", re.DOTALL)


@pytest.mark.parametrize("pattern", ["views/**/*.py", "api/**/*.py", "views.py", "api.py"])
def test_views_and_api_never_touch_a_manager(pattern: str) -> None:
    offenders = [
        f"{path}:{node.lineno}"
        for path, tree in modules(pattern)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert offenders == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(ROOT)))
def test_template_explains_itself_and_asks_for_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    beginning = re.sub(r"^\s*({%\s*(extends|load)\b.*?%}\s*)*", "", text)
    assert beginning.startswith(("{#", "{% comment %}")), "say what its context is"

    queries = [tag for tag in TAG.findall(text) if IN_TEMPLATES.search(tag)]
    assert queries == []


def test_views_are_told_their_methods() -> None:
    """Without a decorator a view answers to every method, and a GET might write."""
    allowed = {"require_GET", "require_POST", "require_safe", "require_http_methods"}
    routed = routed_names()
    offenders = [
        f"{path}:{node.name}"
        for pattern in ("views/**/*.py", "views.py")
        for path, tree in modules(pattern)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in routed
        if not {name_of(decorator) for decorator in node.decorator_list} & allowed
    ]
    assert offenders == []


def routed_names() -> set[str]:
    """Names of the functions that the URL tables hand requests to."""
    return {
        name_of(call.args[1])
        for _path, tree in modules("urls.py")
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and name_of(call) in {"path", "re_path"}
        if isinstance(call.args[1], ast.Attribute | ast.Name)
    }


def name_of(expression: ast.expr) -> str:
    target = expression.func if isinstance(expression, ast.Call) else expression
    return ast.unparse(target).rpartition(".")[2]
