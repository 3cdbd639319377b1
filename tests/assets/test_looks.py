"""Numbers that say how a picture looks, and how far two of them are apart."""

from __future__ import annotations

import base64
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from assets.looks import (
    PLACEHOLDER_SIZE,
    bands_of,
    bin_of,
    colour_distance,
    colours_of,
    family_range,
    hash_distance,
    look_of,
    perceptual_hash,
    swapped,
)
from tests.assets.pictures import painted

# What `imagehash.phash` 4.3.2 says of the same pictures.
OF_THE_LIBRARY = {
    1: "f368997c31166c99",
    2: "80d61fd05f39e88b",
    3: "e79c4a4b52f694a1",
    20250105: "9838c7c77c7103dc",
}
SIGNED = st.integers(-(2**63), 2**63 - 1)


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


@pytest.mark.parametrize("number", OF_THE_LIBRARY)
def test_the_hash_is_the_one_that_other_programs_compute(number: int) -> None:
    phash = perceptual_hash(painted(number))
    assert f"{phash & (1 << 64) - 1:016x}" == OF_THE_LIBRARY[number]
    assert -(2**63) <= phash < 2**63


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture.resize((144, 96)),
        lambda picture: as_jpeg(picture, 60),
        lambda picture: ImageEnhance.Brightness(picture).enhance(1.05),
        lambda picture: picture.crop((1, 1, 191, 127)).resize((192, 128)),
        lambda picture: picture.convert("RGBA"),
    ],
    ids=["smaller", "packed harder", "brighter", "trimmed", "with transparency"],
)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_picture_that_was_hardly_changed_looks_the_same(number: int, change: object) -> None:
    before = painted(number, (192, 128))
    one, other = look_of(before), look_of(change(before))
    assert hash_distance(one.phash, other.phash) <= 6
    assert colour_distance(one.colours, other.colours) < 0.2
    assert set(enumerate(one.bands)) & set(enumerate(other.bands))


def test_different_pictures_are_far_apart() -> None:
    looks = [look_of(painted(number)) for number in range(12)]
    for place, one in enumerate(looks):
        for other in looks[place + 1 :]:
            assert hash_distance(one.phash, other.phash) > 12
            assert one.pixels_sha256 != other.pixels_sha256


def test_pictures_of_one_colour_have_one_structure_and_differ_by_colour() -> None:
    red, blue = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    assert look_of(red).phash == look_of(blue).phash
    assert colour_distance(look_of(red).colours, look_of(blue).colours) == 1
    assert colour_distance(look_of(red).colours, look_of(red).colours) == 0


def test_a_colour_that_shifts_a_little_shifts_the_description_a_little() -> None:
    description = [
        colours_of(Image.new("RGB", (8, 8), (value, 90, 60))) for value in range(140, 190)
    ]
    steps = [colour_distance(one, other) for one, other in pairwise(description)]
    assert max(steps) < 0.08
    assert colour_distance(description[0], description[-1]) > 0.3


@given(SIGNED, SIGNED)
def test_of_two_hashes_that_differ_in_three_bits_a_quarter_is_equal(one: int, other: int) -> None:
    changed = one ^ (1 << other % 64) ^ (1 << other // 64 % 64) ^ (1 << other // 4096 % 63)
    assert hash_distance(one, changed) <= 3
    assert any(a == b for a, b in zip(bands_of(one), bands_of(changed), strict=True))
    assert all(0 <= band < 1 << 16 for band in bands_of(one))


def test_the_bin_names_the_two_main_families_of_colours() -> None:
    picture = Image.new("RGB", (64, 64), "white")
    picture.paste((200, 30, 30), (0, 0, 24, 64))
    other_way = Image.new("RGB", (64, 64), (200, 30, 30))
    other_way.paste("white", (0, 0, 24, 64))
    white = bin_of(colours_of(Image.new("RGB", (8, 8), "white")))
    one, other = bin_of(colours_of(picture)), bin_of(colours_of(other_way))
    assert (swapped(one), swapped(white)) == (other, white)
    assert family_range(one) == family_range(white) != family_range(other)
    assert family_range(one)[0] <= one <= family_range(one)[1]
    assert bin_of(b"") == 0


def test_the_placeholder_is_a_few_pixels_in_few_characters() -> None:
    picture = Image.new("RGB", (400, 300), "navy")
    picture.paste("orange", (0, 0, 100, 100))
    placeholder = look_of(picture).placeholder
    pixels = base64.b64decode(placeholder)
    assert len(placeholder) <= 80
    assert len(pixels) == 3 * PLACEHOLDER_SIZE[0] * PLACEHOLDER_SIZE[1]
    assert (tuple(pixels[:3]), tuple(pixels[-3:])) == ((255, 165, 0), (0, 0, 128))
