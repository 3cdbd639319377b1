"""What exported files are called."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import InvalidInput
from accounts.models import Organization, Project, User
from assets.exports.naming import PLACEHOLDERS, USUAL_PATTERN, check_pattern, file_name, safe_part
from assets.models import Image


def an_image(**columns: object) -> Image:
    project = Project(name="宠物主题", organization=Organization(name="Lantern"))
    said = {
        "uid": "3f2a9c1b-0000-4000-8000-3f2a9c1b0d4e",
        "project": project,
        "created_by": User(name="Uma"),
        "created_at": datetime(2025, 1, 5, 20, 30, tzinfo=UTC),
        "prompt": "一只金毛犬，坐在草地上",
        "seed": 88415,
        "model_name": "Z-Image-Turbo",
        **columns,
    }
    image = Image(**said)
    image.uid = Image._meta.get_field("uid").to_python(said["uid"])
    return image


def named(pattern: str = USUAL_PATTERN, number: int = 7, **columns: object) -> str:
    return file_name(an_image(**columns), pattern=pattern, number=number, extension="png")


def test_an_approved_picture_goes_by_its_archive_name_whatever_the_form() -> None:
    image = an_image(archive_name="宠物主题_20250105_0001.png")
    name = file_name(image, pattern="{id}", number=1, extension="jpg")
    assert name == "宠物主题_20250105_0001.jpg"


def test_others_are_called_after_project_day_and_id_by_the_clock_of_the_organization() -> None:
    assert named() == "宠物主题_20250106_3f2a9c1b0d4e.png"


def test_a_pattern_can_name_everything_that_is_offered() -> None:
    pattern = "-".join(f"{{{name}}}" for name in PLACEHOLDERS)
    assert named(pattern) == (
        "宠物主题-20250106-043000-3f2a9c1b0d4e-0007-88415-Uma-Z-Image-Turbo-一只金毛犬-坐在草地上.png"
    )


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("{project}", "{id} or {number}"),
        ("{id}{colour}", "only"),
        ("{id!r}", "only"),
        ("{number:99999999}", "only"),
        ("{id.__class__}", "only"),
        ("{id", "brace"),
        ("{id}" + "x" * 200, "120"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_the_remedy(pattern: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_pattern(pattern)
    assert caught.value.field == "names"
    assert words in caught.value.sentence


def test_no_pattern_is_the_usual_one() -> None:
    assert check_pattern("  ") == USUAL_PATTERN


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ('a\\b:c*d?e"f<g>h|i', "a-b-c-d-e-f-g-h-i"),
        ("  spaces\tand\nlines  ", "spaces-and-lines"),
        ("\u202egnp.exe\u200b", "gnp.exe"),
        ("宠物 主题（1）", "宠物-主题-1"),
        ("...", ""),
    ],
)
def test_a_part_of_a_name_has_only_what_every_file_system_takes(text: str, safe: str) -> None:
    assert safe_part(text) == safe


@given(st.text(max_size=300), st.integers(1, 100_000))
def test_whatever_the_words_are_the_name_is_safe_short_and_tells_pictures_apart(
    words: str, number: int
) -> None:
    name = named("{prompt}{model}{prompt}{person}_{number}", number, prompt=words, model_name=words)
    other = named(
        "{prompt}{model}{prompt}{person}_{number}", number + 1, prompt=words, model_name=words
    )
    assert len(name.encode()) <= 210
    assert name.lower() != other.lower()
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith((".", "-"))


@pytest.mark.parametrize("word", ["con", "NUL", "com1"])
def test_names_of_devices_are_not_given(word: str) -> None:
    name = named("{prompt}.{number}", prompt=word)
    assert name.partition(".")[0].lower() != word.lower()
