import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.snapshot import (
    MetadataSnapshot,
    Model,
    Named,
    Origin,
    Picture,
    SnapshotError,
    TemplateUse,
    Timing,
    Words,
)
from tests.assets.snapshots import make_snapshot

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
number = st.floats(allow_nan=False, allow_infinity=False)
templates = st.builds(
    TemplateUse,
    template=st.builds(Named, id=text, name=text),
    version_number=st.integers(1, 999),
    values=st.dictionaries(text, text, max_size=3),
)
snapshots = st.builds(
    make_snapshot,
    words=st.builds(
        Words,
        prompt=text,
        final_prompt=st.none() | text,
        negative_prompt=st.none() | text,
        template=st.none() | templates,
    ),
    picture=st.builds(
        Picture,
        width=st.integers(1, 8192),
        height=st.integers(1, 8192),
        seed=st.none() | st.integers(-1, 2**64),
        steps=st.none() | st.integers(1, 100),
        cfg=st.none() | number,
    ),
    timing=st.builds(Timing, load=st.none() | number),
    created_at=st.datetimes(timezones=st.timezones()).filter(lambda when: 1900 < when.year < 9999),
)


@given(snapshots)
def test_a_snapshot_comes_back_from_json_as_it_was(snapshot: MetadataSnapshot):
    carried = json.loads(json.dumps(snapshot.to_json(), allow_nan=False))

    assert MetadataSnapshot.from_json(carried) == snapshot


def test_a_full_snapshot_comes_back_from_json_as_it_was():
    snapshot = make_snapshot()

    assert MetadataSnapshot.from_json(json.loads(json.dumps(snapshot.to_json()))) == snapshot


def test_the_json_says_its_schema_and_the_time_in_utc():
    tokyo = datetime(2025, 1, 5, 18, 30, tzinfo=timezone(timedelta(hours=9)))

    data = make_snapshot(created_at=tokyo).to_json()

    assert data["schema"] == 1
    assert data["created_at"] == "2025-01-05T09:30:00Z"
    assert data["picture"]["seed"] == 123456
    assert data["model"]["loras"] == [
        {"name": "watercolour", "weight": 0.8, "sha256": "c3" * 32},
    ]


def test_what_is_not_known_stays_none():
    data = make_snapshot(origin=Origin(), model=Model(name="Z-Image-Turbo")).to_json()

    assert set(data["origin"]) == {"input_image", "strength", "parent_image_id", "imported"}
    assert set(data["origin"].values()) == {None}
    assert data["model"]["revision"] is None
    assert data["engine"]["libraries"]["cuda"] is None


def test_the_data_inside_a_file_leaves_out_the_files_own_hash_and_length():
    inside = make_snapshot().for_file()

    assert inside["file"] == {"format": "PNG", "archive_name": "宠物主题_0001.png"}
    assert MetadataSnapshot.from_json(inside).file.sha256 is None


def test_unknown_keys_are_ignored_and_absent_ones_are_none():
    data = make_snapshot().to_json()
    data["mood"] = "calm"
    data["picture"]["depth"] = 3
    del data["picture"]["cfg"], data["timing"]

    read = MetadataSnapshot.from_json(data)

    assert read.picture.cfg is None
    assert read.timing == Timing()


@pytest.mark.parametrize("schema", [2, "1", None, True])
def test_another_schema_is_refused_aloud(schema):
    with pytest.raises(SnapshotError, match="schema"):
        MetadataSnapshot.from_json(make_snapshot().to_json() | {"schema": schema})


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("picture", "width", "1024"),
        ("picture", "width", None),
        ("picture", "steps", True),
        ("picture", "cfg", "1.0"),
        ("words", "prompt", 5),
        ("engine", "libraries", ["torch"]),
        ("engine", "is_preview", 1),
        ("model", "loras", {}),
        ("origin", "input_image", "11"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(group, key, value):
    data = make_snapshot().to_json()
    data[group][key] = value

    with pytest.raises(SnapshotError, match=f"snapshot.{group}.{key} cannot be"):
        MetadataSnapshot.from_json(data)


def test_a_missing_necessity_is_named():
    data = make_snapshot().to_json()
    del data["words"]["prompt"]

    with pytest.raises(SnapshotError, match=r"snapshot\.words\.prompt"):
        MetadataSnapshot.from_json(data)


@pytest.mark.parametrize("when", ["yesterday", "2025-01-05T09:30:00", 1736069400])
def test_a_time_that_is_no_moment_is_refused(when):
    with pytest.raises(SnapshotError):
        MetadataSnapshot.from_json(make_snapshot().to_json() | {"created_at": when})


def test_a_time_without_zone_is_refused():
    with pytest.raises(SnapshotError, match="time zone"):
        make_snapshot(created_at=datetime(2025, 1, 5, tzinfo=UTC).replace(tzinfo=None))


def test_text_that_no_json_column_takes_is_put_right():
    words = Words(prompt="a\0dog\ud83d", final_prompt=None)

    assert make_snapshot(words=words).to_json()["words"]["prompt"] == "adog?"


def test_a_number_that_is_not_finite_is_refused():
    endless = replace(make_snapshot().timing, denoise=float("inf"))

    with pytest.raises(SnapshotError, match=r"snapshot\.timing\.denoise is inf"):
        make_snapshot(timing=endless).to_json()
