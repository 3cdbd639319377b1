import types
from dataclasses import is_dataclass
from typing import Union, get_args, get_origin, get_type_hints

from assets.snapshot import MetadataSnapshot, Named
from assets.views.facts import TABLE, facts_of
from tests.assets.snapshots import make_snapshot


def paths_of(kind, prefix=""):
    """Every field of the snapshot that is not a group of its own, as a dotted path."""
    for name, hint in get_type_hints(kind).items():
        optional = get_origin(hint) in (Union, types.UnionType)
        inner = (
            next(each for each in get_args(hint) if each is not type(None)) if optional else hint
        )
        if is_dataclass(inner) and inner is not Named:
            yield from paths_of(inner, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def shown(metadata):
    return {
        (str(group.title), str(fact.label)): fact.value
        for group in facts_of(metadata)
        for fact in group.facts
    }


def test_every_field_of_the_snapshot_is_shown_once():
    written = [path for _title, rows in TABLE for path, _label, _show in rows]

    assert sorted(written) == sorted(paths_of(MetadataSnapshot))
    assert len(shown(make_snapshot().to_json())) == len(written)


def test_values_are_written_for_people():
    facts = shown(make_snapshot().to_json())

    assert facts["Words", "Prompt as typed"] == "一只金毛犬，坐在草地上"
    assert facts["Words", "Template"] == "宠物主题"
    assert facts["Words", "Variables"] == "主体: 金毛犬"
    assert facts["Picture", "Why the size differs"] == "Sizes are multiples of 16."
    assert facts["Origin", "Input was uploaded"] == "No"
    assert facts["Model", "LoRAs"].startswith("watercolour × 0.8 c3c3")
    assert facts["Engine", "Libraries"] == "diffsynth: 2.1.12\ntorch: 2.13.0\ncuda: –"
    assert facts["Engine", "Peak VRAM"] == "18.6\xa0GB"
    assert facts["Time", "Painting"] == "4.20 s"
    assert facts["Time", "Made on"] == "Jan. 5, 2025, 5:30 p.m."
    assert facts["Checks", "Policy reasons"] == "largest side 1024"


def test_what_is_not_known_is_empty():
    facts = shown(make_snapshot().to_json())

    assert facts["Picture", "Schedule"] == ""
    assert facts["Checks", "Moderation reasons"] == ""


def test_a_record_of_another_schema_has_no_groups():
    assert facts_of({"schema": 99}) == []
    assert facts_of({}) == []
