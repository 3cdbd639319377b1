"""The shared parts of pages: tags, badges, fields, and what the templates may refer to."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.utils import translation

from assets.types import ReviewStatus, VersionStatus
from generation.types import JobStatus
from portal.templatetags.components import STATUS_LOOKS, aspect_class, hue_class, icon, initials

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "portal" / "static" / "portal" / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE_IDS = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text("utf-8")))


class RoleForm(forms.Form):
    email = forms.EmailField(label="E-mail", help_text="Where the link goes.")
    role = forms.ChoiceField(widget=forms.RadioSelect, choices=[("user", "Designer")])
    quiet = forms.BooleanField(label="Send no mail", required=False)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_names_only_icons_of_the_sprite(path: Path) -> None:
    text = path.read_text("utf-8")
    named = set(re.findall(r'{% icon "([^"]+)"', text))
    named |= set(re.findall(r'\b(?:action_)?icon="([^"]+)"', text))
    assert named <= SPRITE_IDS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_nothing_that_the_content_security_policy_blocks(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\shx-on|\son[a-z]+=|javascript:|['\"]js:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"hx-trigger=\"[^\"]*\[", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_compiles(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_comment_of_several_lines_is_a_comment_block(path: Path) -> None:
    # Django shows a `{#` that does not end on its line to the reader instead of hiding it.
    assert not re.search(r"{#(?:(?!#}).)*$", path.read_text("utf-8"), re.MULTILINE)


def test_vendored_files_are_those_whose_origin_is_recorded() -> None:
    lines = (VENDOR / "VERSIONS.txt").read_text("utf-8").splitlines()
    recorded = {line.split()[4]: line.split()[3] for line in lines if not line.startswith("#")}
    assert set(recorded) == {"htmx.min.js", "icons.svg", "inter-latin-variable.woff2"}
    for name, digest in recorded.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == digest


def test_every_status_has_a_look_with_its_own_words_and_an_icon_that_exists() -> None:
    for status in (*ReviewStatus, *JobStatus, *VersionStatus):
        assert STATUS_LOOKS[status].label == status.label
    assert {look.icon for look in STATUS_LOOKS.values()} <= SPRITE_IDS


def test_a_badge_says_its_status_in_words_and_not_by_colour_alone() -> None:
    html = render_to_string("components/badge.html", {"status": ReviewStatus.APPROVED})
    assert "Approved" in html
    assert "tone-good" in html
    assert 'aria-hidden="true"' in html


def test_an_unknown_status_is_shown_as_it_is_and_escaped() -> None:
    html = render_to_string("components/badge.html", {"status": "<b>odd"})
    assert "&lt;b&gt;odd" in html


def test_an_icon_is_decoration_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in icon("check")
    assert 'role="img" aria-label="Done &amp; kept"' in icon("check", label="Done & kept")


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1024, 1024, "ar-20"),
        (1024, 768, "ar-27"),
        (576, 1024, "ar-11"),
        (5000, 100, "ar-60"),
        (10, 5000, "ar-5"),
        (None, 10, "ar-20"),
        (10, 0, "ar-20"),
    ],
)
def test_proportions_become_a_class_that_the_styles_know(
    width: int | None, height: int | None, expected: str
) -> None:
    styles = (ROOT / "portal" / "static" / "portal" / "css" / "pictures.css").read_text("utf-8")
    assert aspect_class(width, height) == expected
    assert f".{expected} {{" in styles


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Uma Li", "UL"), ("uma", "U"), ("李雨桐", "桐"), ("  ", "?")],
)
def test_initials_suit_latin_and_chinese_names(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_person_keeps_the_same_colour() -> None:
    assert hue_class("uma@example.com") == hue_class("uma@example.com")
    assert re.fullmatch(r"hue-[1-6]", hue_class("uma@example.com"))


def test_a_field_is_tied_to_its_help_and_its_error() -> None:
    html = _field(RoleForm({"email": "nonsense"})["email"])
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    for element in described.group(1).split():
        assert f'id="{element}"' in html
    assert 'aria-invalid="true"' in html
    assert '<label class="field-label" for="id_email">E-mail' in html


def test_a_group_of_choices_is_a_fieldset_and_a_checkbox_stands_before_its_words() -> None:
    form = RoleForm({})
    choices = _field(form["role"])
    assert choices.strip().startswith('<fieldset class="field "')
    assert 'id="id_role_error"' in choices
    checkbox = _field(form["quiet"])
    assert checkbox.index('type="checkbox"') < checkbox.index("Send no mail")


def test_the_page_for_a_broken_server_needs_no_context_and_no_database() -> None:
    with translation.override("en"):
        html = get_template("errors/500.html").render()
    assert "<h1>" in html
    assert "500" in html
    assert "csrf" not in html


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "409", "429", "csrf"])
def test_an_error_page_prefers_the_words_of_the_caller(name: str) -> None:
    words = {"title": "Own title", "sentence": "Own <sentence>."}
    html = render_to_string(f"errors/{name}.html", words)
    assert "<h1>Own title</h1>" in html
    assert "Own &lt;sentence&gt;." in html


def _field(field: forms.BoundField) -> str:
    source = '{% include "components/form_field.html" with field=field only %}'
    return Template(source).render(Context({"field": field}))
