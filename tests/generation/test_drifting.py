"""What tells environments and pictures of canaries apart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PIL import Image

from generation.drifting import (
    changes_between,
    environment_key,
    outcome_of,
    pixels_key,
    specs_for,
    versions_of,
    weights_key,
)
from generation.engines.base import EngineSetup, ModelRef
from generation.engines.canary import TOLERANCE
from generation.types import CanaryOutcome

SETUP = EngineSetup(
    engine="diffsynth",
    engine_version="1",
    libraries={"torch": "2.13.0", "diffsynth": "2.1.12"},
    device_name="NVIDIA L4",
    driver="580.1",
    dtype="bfloat16",
    load_mode="resident",
    weight_hashes={"transformer/model.safetensors": "c3"},
)


@pytest.mark.parametrize(
    "change",
    [
        {"engine_version": "2"},
        {"libraries": {"torch": "2.14.0", "diffsynth": "2.1.12"}},
        {"device_name": "NVIDIA H100"},
        {"driver": "590.2"},
        {"load_mode": "vram-managed"},
        {"weight_hashes": {"transformer/model.safetensors": "d4"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_decides_about_the_pixels_is_another_environment(change) -> None:
    changed = replace(SETUP, **change)

    assert environment_key(changed) != environment_key(SETUP)
    assert (weights_key(changed) != weights_key(SETUP)) == ("weight_hashes" in change)


def test_the_order_in_which_things_are_named_changes_nothing() -> None:
    other = replace(SETUP, libraries={"diffsynth": "2.1.12", "torch": "2.13.0"})

    assert environment_key(other) == environment_key(SETUP)


def test_pictures_are_told_apart_by_pixels_and_size() -> None:
    grey = Image.new("RGB", (8, 4), "grey")

    assert pixels_key(grey) == pixels_key(grey.copy())
    assert pixels_key(grey) != pixels_key(Image.new("RGB", (4, 8), "grey"))
    assert pixels_key(grey) != pixels_key(Image.new("RGB", (8, 4), (127, 128, 128)))


@pytest.mark.parametrize(
    ("difference", "outcome"),
    [
        (0.0, CanaryOutcome.SAME),
        (TOLERANCE, CanaryOutcome.SAME),
        (TOLERANCE + 0.01, CanaryOutcome.DRIFTED),
        (255.0, CanaryOutcome.DRIFTED),
        (None, CanaryOutcome.DRIFTED),
    ],
)
def test_a_difference_within_the_tolerance_is_the_same_picture(difference, outcome) -> None:
    assert outcome_of(difference) == outcome


def test_canaries_are_drawn_with_what_the_makers_recommend() -> None:
    base, own = specs_for(ModelRef("Z-Image", "1")), specs_for(ModelRef("studio/ours", "1"))

    assert {spec.cfg for spec in base} == {4.0}
    assert {spec.cfg for spec in own} == {1.0}
    assert {spec.model.name for spec in own} == {"studio/ours"}


def test_changes_name_what_came_what_went_and_what_is_of_another_version() -> None:
    before = {"torch": "2.12", "driver": "580", "numpy": "2.4"}
    after = {"torch": "2.13", "cuda": "13", "numpy": "2.4"}

    assert changes_between(before, after) == ["cuda – → 13", "driver 580 → –", "torch 2.12 → 2.13"]
    assert versions_of(SETUP)["driver"] == "580.1"
    assert "driver" not in versions_of(replace(SETUP, driver=""))
