"""Compiling translations without gettext."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from portal.running.translations import compile_translations

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Gallery"
msgstr "画廊"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    directory = tmp_path / "zh_Hans" / "LC_MESSAGES"
    directory.mkdir(parents=True)
    (directory / "django.po").write_text(PO, encoding="utf-8")
    return directory / "django.po"


def test_compiled_file_speaks_the_language(source, tmp_path) -> None:
    assert compile_translations(tmp_path) == 1

    with source.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Gallery") == "画廊"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_only_what_changed_is_compiled(source, tmp_path) -> None:
    compile_translations(tmp_path)
    assert compile_translations(tmp_path) == 0

    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_translations(tmp_path) == 1
