"""Reading the project's own source, for the tests about the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "generation", "assets", "accounts")
"""The stack, top first: each may know those after it."""


def modules(pattern: str) -> Iterator[tuple[str, ast.Module]]:
    """Path and syntax tree of the modules that match, in every app."""
    found = False
    for app in APPS:
        for path in sorted((ROOT / app).glob(pattern)):
            found = True
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))
    assert found, f"nothing matches {pattern}: the test would test nothing"


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions that other modules call."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def first_statement(function: ast.FunctionDef) -> str:
    """What the function does first, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return ast.unparse(body[0]) if body else ""


def templates() -> list[Path]:
    """Every template of the site."""
    return sorted((ROOT / "templates").rglob("*.html"))
