"""The list beside exported files, as spreadsheets and programs read it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from assets.exports.manifest import COLUMNS, CsvList, Entry, JsonList, cell
from assets.models import Image
from tests.assets.builders import make_image
from tests.builders import World


def rows_of(*entries: Entry) -> list[dict[str, str]]:
    form = CsvList()
    written = form.head + b"".join(form.line(each, is_first=False) for each in entries) + form.tail
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","click")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "＝1+1",
        "\ufeff=1+1",
    ],
)
def test_a_cell_never_becomes_a_formula(text: str) -> None:
    assert str(cell(text)).startswith("'")
    assert str(cell(text))[1:] == text


def test_numbers_stay_numbers_and_words_stay_words() -> None:
    assert cell(-3) == -3
    assert cell(1.5) == 1.5
    assert cell(None) is None
    assert cell("一只金毛犬 = love") == "一只金毛犬 = love"
    assert cell("a\0b") == "ab"
    assert len(str(cell("x" * 40_000))) == 32_767
    assert cell({"a": "红"}) == '{"a": "红"}'


def test_every_field_of_the_record_has_a_column(world: World) -> None:
    image = make_image(world.pets, world.uma, prompt="=1+1\nsecond line")
    (row,) = rows_of(
        Entry(file="a.png", state="exported", image=image, tags=("hero", "冬"), collections=("A",))
    )
    assert row["prompt"] == "'=1+1\nsecond line"
    assert (row["file"], row["state"], row["tags"]) == ("a.png", "exported", "hero; 冬")
    assert (row["uid"], row["seed"], row["project"]) == (str(image.uid), "123456", "宠物主题")
    assert row["created_by"] == "Uma"
    assert row["sha256"] == image.sha256
    assert row["created_at"] == "2025-01-05T09:30:00Z"
    told = {name for group in image.metadata.values() if isinstance(group, dict) for name in group}
    elsewhere = {
        "final_prompt": "prompt",
        "parent_image_id": "parent_image",
        "request_id": "request",
        "job_id": "job",
        "name": "model",
        "revision": "model_revision",
        "main_hash": "model_hash",
        "version": "engine_version",
        "person": "created_by",
        "imported": "imported_name",
        **{name: f"seconds_{name}" for name in image.metadata["timing"]},
    }
    assert {elsewhere.get(name, name) for name in told} <= set(COLUMNS)


def test_a_picture_that_may_not_be_seen_is_only_counted() -> None:
    (row,) = rows_of(Entry(file="", state="not_visible"))
    assert row["state"] == "not_visible"
    assert {value for name, value in row.items() if name != "state"} == {""}


def test_the_list_for_programs_holds_the_whole_record(world: World) -> None:
    image = make_image(world.pets, world.uma, prompt="=1+1")
    form = JsonList()
    entries = [
        Entry(file="a.png", state="exported", image=image, tags=("冬",)),
        Entry(file="", state="x"),
    ]
    written = form.head + b"".join(
        form.line(each, is_first=not place) for place, each in enumerate(entries)
    )
    first, second = json.loads(written + form.tail)
    assert (first["prompt"], first["tags"]) == ("=1+1", ["冬"])
    assert first["metadata"] == Image.objects.get().metadata
    assert second["metadata"] is None
    assert json.loads(form.head + form.tail) == []
