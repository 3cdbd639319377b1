"""What an ask may hold besides words and numbers: LoRAs and a picture to begin with."""

from __future__ import annotations

import math
from dataclasses import replace
from uuid import uuid4

import pytest

from generation.limits import Limits
from generation.policies import violations
from generation.types import ImageAsk, LoraChoice

DOG = ImageAsk(prompt="一只金毛犬", width=512, height=512)
BEGUN = replace(DOG, input_image_uid=uuid4(), strength=0.6)


def broken(ask: ImageAsk, **model: bool) -> list[str]:
    """The fields that are at fault."""
    return [each.field for each in violations(ask, Limits(), size_multiple=16, **model)]


@pytest.mark.parametrize("strength", [0.1, 0.35, 1.0])
def test_a_picture_to_begin_with_has_a_strength(strength: float) -> None:
    assert broken(replace(BEGUN, strength=strength)) == []


@pytest.mark.parametrize("strength", [0.0, 0.09, -0.5, 1.01, math.nan, math.inf])
def test_a_strength_lies_between_a_tenth_and_one(strength: float) -> None:
    assert broken(replace(BEGUN, strength=strength)) == ["strength"]


def test_without_a_picture_there_is_no_strength() -> None:
    assert broken(DOG) == []
    assert broken(replace(DOG, strength=0.5)) == ["strength"]


def test_a_model_that_changes_pictures_has_no_strength() -> None:
    assert broken(replace(BEGUN, strength=1.0), edits_input_image=True) == []
    assert broken(BEGUN, edits_input_image=True) == ["strength"]


def test_a_model_that_takes_no_picture_says_so() -> None:
    assert broken(BEGUN, takes_input_image=False) == ["input_image"]
    assert broken(DOG, takes_input_image=False) == []


def test_up_to_three_loras_act_as_strongly_as_they_can() -> None:
    three = tuple(LoraChoice(number, weight) for number, weight in ((1, -4), (2, 0), (3, 4)))

    assert broken(replace(DOG, loras=three)) == []
    assert broken(replace(DOG, loras=(*three, LoraChoice(4)))) == ["loras"]


@pytest.mark.parametrize("weight", [4.01, -5, math.nan, math.inf])
def test_a_lora_cannot_act_more_strongly(weight: float) -> None:
    assert broken(replace(DOG, loras=(LoraChoice(1, weight),))) == ["loras"]
