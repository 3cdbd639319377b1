"""The Simplified Chinese catalogue: complete, and in step with the sources."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings as site
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

CATALOGUE = Path(site.BASE_DIR, "locale", "zh_Hans", "LC_MESSAGES", "django.po")
PARTS = ("accounts", "assets", "generation", "portal", "templates")
COLLECT = "manage.py makemessages -l zh_Hans"

# %(name)s, %s, {name}, <b>, the keys in a sentence: what code puts in or reads out.
PLACEHOLDER = re.compile(r"%\(\w+\)[sdg]|%[sdg]|\{\{|\}\}|\{[a-z_]+\}|</?\w+[^>]*>")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def texts(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """The pairs of source and translation; Chinese has one plural form, made from the plural."""
    if entry.msgid_plural:
        yield from ((entry.msgid_plural, text) for text in entry.msgstr_plural.values())
    else:
        yield entry.msgid, entry.msgstr


def names(entries: list[polib.POEntry]) -> list[str]:
    return [entry.msgid for entry in entries]


def test_every_string_is_translated(catalogue) -> None:
    assert len(catalogue) > 500
    assert names(catalogue.untranslated_entries()) == []
    assert names(catalogue.fuzzy_entries()) == []
    assert names(catalogue.obsolete_entries()) == []


def test_translations_keep_what_code_fills_in(catalogue) -> None:
    differing = [
        (source, text)
        for entry in catalogue
        for source, text in texts(entry)
        if Counter(PLACEHOLDER.findall(source)) != Counter(PLACEHOLDER.findall(text))
    ]
    assert differing == []


def test_chinese_has_one_plural_form(catalogue) -> None:
    assert catalogue.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert [e.msgid for e in catalogue if e.msgid_plural and list(e.msgstr_plural) != [0]] == []


def test_chinese_sentences_end_like_chinese_sentences(catalogue) -> None:
    # After a Chinese character belong 。 ， ？ ！ ： and not their half-width cousins.
    half_width = re.compile(r"[\u4e00-\u9fff][.,?!;:]")
    assert [e.msgid for e in catalogue if any(half_width.search(t) for _, t in texts(e))] == []


def test_words_of_ours_do_not_change_the_words_of_django() -> None:
    with translation.override("zh-hans"):
        assert gettext("May") == "五月"  # the permission of a token has a context


def test_refusals_that_libraries_would_say_are_chinese_too(client, db) -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refusal:
        validate_password("letmein")
    assert refusal.value.messages == ["密码过短，请至少使用 10 个字符。", "这个密码太常见了。"]

    answer = client.post(
        reverse("account_login"),
        {"login": "nobody@lantern.example", "password": "wrong"},
        headers={"accept-language": "zh-CN"},
    )
    assert "邮箱或密码不正确。" in answer.text


def test_catalogue_is_in_step_with_the_sources(catalogue, tmp_path, monkeypatch, settings) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("xgettext is not installed (package gettext)")
    copied = shutil.ignore_patterns("static", "migrations", "__pycache__")
    for part in PARTS:
        shutil.copytree(Path(site.BASE_DIR, part), tmp_path / part, ignore=copied)
    collected = tmp_path / CATALOGUE.relative_to(site.BASE_DIR)
    collected.parent.mkdir(parents=True)
    shutil.copy(CATALOGUE, collected)
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    monkeypatch.chdir(tmp_path)

    call_command("makemessages", locale=["zh_Hans"], verbosity=0)

    def keys(entries: polib.POFile) -> set[tuple[str | None, str, str]]:
        return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries}

    found = polib.pofile(str(collected))
    assert keys(found) - keys(catalogue) == set(), f"not collected yet: run {COLLECT}"
    assert keys(catalogue) - keys(found) == set(), f"no longer used: run {COLLECT}"
    assert found.metadata == catalogue.metadata  # no dates: branches would collide on them
