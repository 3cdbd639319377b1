"""What makes pictures different, from their records alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assets.snapshot import Lora, MetadataSnapshot, Words
from assets.views.differences import compared, pieces_of
from assets.views.facts import facts_of
from tests.assets.snapshots import make_snapshot

BASE = make_snapshot()


def record(**changes: object):
    """The facts of a picture that differs from the usual one in these parts of its record."""
    return facts_of(replace(BASE, **changes).to_json())


def rows_of(groups) -> dict[str, list[str]]:
    return {
        str(row.label): [cell.value for cell in row.cells] for group in groups for row in group.rows
    }


def test_the_same_settings_differ_in_nothing() -> None:
    assert compared([record(), record()]) == []


def test_only_the_parameters_that_differ_are_listed() -> None:
    other = replace(BASE.picture, seed=7, steps=30)

    rows = rows_of(compared([record(), record(picture=other)]))

    assert rows == {"Seed": ["123456", "7"], "Steps": [str(BASE.picture.steps), "30"]}


def test_one_of_four_that_differs_is_enough() -> None:
    other = record(picture=replace(BASE.picture, cfg=4.5))

    (row,) = compared([record(), record(), other, record()])[0].rows

    assert [cell.value for cell in row.cells][2] == "4.5"
    assert len({cell.value for cell in row.cells}) == 2


def test_what_every_two_pictures_differ_in_is_no_parameter() -> None:
    other = record(
        file=replace(BASE.file, sha256="f" * 64, bytes=5),
        who=replace(BASE.who, job_id="another"),
        timing=replace(BASE.timing, denoise=99.0),
        engine=replace(BASE.engine, peak_vram_bytes=1),
    )

    assert compared([record(), other]) == []
    everything = rows_of(compared([record(), other], everything=True))
    assert everything["Job"][1] == "another"
    assert "Seed" in everything


def test_everything_leaves_out_what_nobody_recorded() -> None:
    words = Words(prompt="a", final_prompt=None)

    rows = rows_of(compared([record(words=words), record(words=words)], everything=True))

    assert "Negative prompt" not in rows
    assert rows["Prompt as typed"] == ["a", "a"]


def test_loras_and_hashes_count_as_parameters() -> None:
    other = replace(BASE.model, loras=(Lora(name="ink", weight=0.4),), main_hash="0" * 64)

    rows = rows_of(compared([record(), record(model=other)]))

    assert set(rows) == {"LoRAs", "Model SHA-256"}


def test_a_record_that_cannot_be_read_says_nothing() -> None:
    rows = rows_of(compared([record(), facts_of({"schema": 99})]))

    assert rows["Seed"] == ["123456", ""]
    assert compared([[], []]) == []


def test_words_of_prompts_are_marked_where_they_differ() -> None:
    first = record(words=Words(prompt="a red fox in snow", final_prompt=None))
    second = record(words=Words(prompt="a blue fox in snow", final_prompt=None))

    row = next(
        row
        for group in compared([first, second])
        for row in group.rows
        if str(row.label) == "Prompt as typed"
    )

    assert [[piece.text for piece in cell.pieces if piece.is_own] for cell in row.cells] == [
        ["red"],
        ["blue"],
    ]


@pytest.mark.parametrize(
    ("text", "other", "own"),
    [
        ("一只金毛犬，坐在草地上", "一只金毛犬，站在草地上", ["坐"]),
        ("cat", "cat, dog", []),
        ("cat, dog", "cat", [", dog"]),
        ("", "anything", []),
        ("a red fox", "水墨风格的仙鹤", []),
        ("8k, soft", "4k, soft", ["8k"]),
        ("line\nbreak", "line break", ["\n"]),
    ],
)
def test_pieces_are_words_or_single_characters(text, other, own) -> None:
    pieces = pieces_of(text, other)

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_own] == own


def test_texts_beyond_all_measure_are_compared_as_a_whole() -> None:
    text = "字" * 3000

    (piece,) = pieces_of(text, text + "。")

    assert not piece.is_own
    assert piece.text == text


def test_every_parameter_of_the_record_is_known() -> None:
    """The paths that are left out on purpose exist."""
    from assets.views.differences import BESIDES, PARAMETERS, TEXTS  # noqa: PLC0415

    paths = {fact.path for group in record() for fact in group.facts}
    assert paths >= BESIDES | TEXTS
    assert all(any(path.startswith(begin) for path in paths) for begin in PARAMETERS)
    assert isinstance(BASE, MetadataSnapshot)
