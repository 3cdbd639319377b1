"""A form in an included part has its CSRF token: `only` keeps it out unless it is passed on."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
INCLUDE = re.compile(r'{%\s*include\s+"([^"]+)"([^%]*)%}')


def test_parts_with_forms_are_given_the_token() -> None:
    with_token = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "{% csrf_token %}" in path.read_text(encoding="utf-8")
    }
    grown = True
    while grown:  # a part that includes such a part needs the token as well
        grown = False
        for path in TEMPLATES.rglob("*.html"):
            name = str(path.relative_to(TEMPLATES))
            included = {part for part, _ in INCLUDE.findall(path.read_text(encoding="utf-8"))}
            if name not in with_token and included & with_token:
                with_token.add(name)
                grown = True

    faults = [
        f"{path.relative_to(TEMPLATES)} includes {part}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for part, words in INCLUDE.findall(path.read_text(encoding="utf-8"))
        if part in with_token and words.strip().endswith("only") and "csrf_token=" not in words
    ]

    assert faults == []
