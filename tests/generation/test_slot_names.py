"""What the places of a machine's workers are called."""

from __future__ import annotations

from generation.slot_names import device_of, slot_name


def test_places_are_numbered_after_the_machine_also_when_there_is_one() -> None:
    assert slot_name("render") == "render-1"
    assert [slot_name("render", number, of=2) for number in (1, 2)] == ["render-1", "render-2"]


def test_given_name_is_taken_as_it_is_and_numbered_when_it_is_for_several() -> None:
    assert slot_name("render", given="big-card") == "big-card"
    assert slot_name("render", 2, of=2, given="big-card") == "big-card-2"


def test_devices_are_dealt_in_turn() -> None:
    assert [device_of(number, ["cuda:0", "cuda:1"]) for number in (1, 2, 3)] == [
        "cuda:0",
        "cuda:1",
        "cuda:0",
    ]
    assert device_of(1, []) == ""
