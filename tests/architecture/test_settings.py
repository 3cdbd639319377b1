"""The environment is read in one place, and every variable is documented."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import ROOT, modules

READ = re.compile(r"""\benv\.\w+\(\s*["']([A-Z][A-Z0-9_]+)["']""")
DOCUMENTED = re.compile(r"^\| `([A-Z][A-Z0-9_]+)`", re.MULTILINE)


def variables() -> set[str]:
    sources = sorted((ROOT / "portal" / "settings").glob("*.py"))
    return {name for path in sources for name in READ.findall(path.read_text(encoding="utf-8"))}


def test_every_variable_is_documented_and_every_documented_one_exists() -> None:
    documented = set(DOCUMENTED.findall((ROOT / "docs" / "settings.md").read_text("utf-8")))

    assert variables()
    assert documented == variables()


def test_nothing_else_reads_the_environment() -> None:
    allowed = {
        "portal/asgi.py": "names the settings module",
        "portal/running/output.py": "NO_COLOR is the terminal's business",
        "generation/engines/diffsynth/runtime.py": "tells the libraries to stay off the network",
    }
    offenders = {
        path
        for path, tree in modules("**/*.py")
        if not path.startswith("portal/settings/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"os.environ", "os.getenv", "environ.get"}
    }
    assert offenders == set(allowed)
