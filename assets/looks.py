"""How a picture looks, in numbers that can be compared: structure, colours, exact pixels.

Structure is the perceptual hash that the ImageHash library made common (`phash`): the 64 lowest
frequencies of the grey picture, each above or below their median. It is computed here, bit for bit
the same, because the library brings 150 MB (SciPy, PyWavelets) for one cosine transform.

Colours are a histogram in Oklab, where distances are as people see them, over a grid of 125
colours; each pixel is shared out among the grid's nearest corners, so that a slight shift of a
colour is a slight change of the histogram.

A picture is made small first, in C, so that plain Python is fast enough for the rest; the web
processes, which compare, need no NumPy.
"""

from __future__ import annotations

import base64
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import mul
from statistics import median
from typing import Final

from PIL import Image

from assets.provenance.aigc import pixel_sha256

HASH_BITS: Final = 64
BANDS: Final = 4
PLACEHOLDER_SIZE: Final = (4, 3)

_HASH_SIDE: Final = 8
_GREY_SIDE: Final = 32
# Frequencies that a smooth picture does not have are noise of the arithmetic; others are hundreds.
_QUIET: Final = 1e-3
_UNSIGNED: Final = (1 << HASH_BITS) - 1

_COLOUR_SIDE: Final = 24
# The grid: five steps of lightness from 0 to 1, five of each opponent colour around grey.
_STEPS: Final = 5
_MIDDLE: Final = (_STEPS - 1) // 2
_CHROMA_STEP: Final = 0.08
_GREYS: Final = 5
_HUES: Final = 8
_FAMILIES: Final = _GREYS + 2 * _HUES
_SECOND_COLOUR_COUNTS_FROM: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The fingerprint of one picture.

    `phash` is the structure as a signed 64 bit number, `bands` its quarters, first bits first.
    `colours` has a byte for each colour of the grid. `colour_bin` names the two families of colours
    that most of the picture has. `placeholder` is `PLACEHOLDER_SIZE` pixels, RGB row by row, in
    Base64.
    """

    phash: int
    bands: tuple[int, ...]
    colours: bytes
    colour_bin: int
    pixels_sha256: str
    placeholder: str


def look_of(picture: Image.Image) -> Look:
    """Describe a picture that is in memory. Transparency is left out."""
    flat = picture if picture.mode == "RGB" else picture.convert("RGB")
    small = flat.resize((_COLOUR_SIDE, _COLOUR_SIDE), Image.Resampling.BOX)
    phash = perceptual_hash(flat)
    colours = colours_of(small)
    return Look(
        phash=phash,
        bands=bands_of(phash),
        colours=colours,
        colour_bin=bin_of(colours),
        pixels_sha256=pixel_sha256(flat),
        placeholder=placeholder_of(small),
    )


def placeholder_of(picture: Image.Image) -> str:
    """A handful of pixels that stand for the picture until it is there."""
    tiny = picture.convert("RGB").resize(PLACEHOLDER_SIZE, Image.Resampling.BOX)
    return base64.b64encode(tiny.tobytes()).decode()


def perceptual_hash(picture: Image.Image) -> int:
    """The structure of a picture, as the signed 64 bit number that databases keep."""
    grey = picture.convert("L").resize((_GREY_SIDE, _GREY_SIDE), Image.Resampling.LANCZOS)
    pixels = grey.tobytes()
    rows = [_lowest(pixels[at : at + _GREY_SIDE]) for at in range(0, len(pixels), _GREY_SIDE)]
    columns = [_lowest(column) for column in zip(*rows, strict=True)]
    low = [
        value if abs(value) >= _QUIET else 0.0
        for row in zip(*columns, strict=True)
        for value in row
    ]
    middle = median(low)
    bits = "".join("1" if value > middle else "0" for value in low)
    return _signed(int(bits, 2))


def bands_of(phash: int) -> tuple[int, ...]:
    """The four quarters of a hash. Of two hashes that differ in three bits one is equal."""
    width = HASH_BITS // BANDS
    return tuple(
        (phash & _UNSIGNED) >> shift & (1 << width) - 1
        for shift in range(HASH_BITS - width, -1, -width)
    )


def hash_distance(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return ((one ^ other) & _UNSIGNED).bit_count()


def colours_of(picture: Image.Image) -> bytes:
    """The colours of a small RGB picture: how much of it has each colour of the grid."""
    pixels = picture.convert("RGB").tobytes()
    shares = [0.0] * _STEPS**3
    for at in range(0, len(pixels), 3):
        for cell, share in _shared_out(pixels[at], pixels[at + 1], pixels[at + 2]):
            shares[cell] += share
    count = len(pixels) // 3
    return bytes(round(share / count * 255) for share in shares)


def colour_distance(one: bytes, other: bytes) -> float:
    """How much of one picture has colours that the other has not: from 0 to 1."""
    most = max(sum(one), sum(other))
    if not most or len(one) != len(other):
        return 1.0
    return 1 - sum(map(min, one, other)) / most


def bin_of(colours: bytes) -> int:
    """The two families of colours that most of a picture has, as one number; 0 for none."""
    total = sum(colours)
    if not total:
        return 0
    shares = [0] * _FAMILIES
    for family, share in zip(_family_of_cell(), colours, strict=True):
        shares[family] += share
    first, second = sorted(range(_FAMILIES), key=lambda family: -shares[family])[:2]
    if shares[second] < _SECOND_COLOUR_COUNTS_FROM * total:
        second = first
    return first * _FAMILIES + second + 1


def swapped(colour_bin: int) -> int:
    """The bin of pictures that have the same two families in the other order."""
    first, second = divmod(colour_bin - 1, _FAMILIES)
    return second * _FAMILIES + first + 1


def family_range(colour_bin: int) -> tuple[int, int]:
    """The first and the last bin of pictures whose main family is the same."""
    first = (colour_bin - 1) // _FAMILIES * _FAMILIES + 1
    return first, first + _FAMILIES - 1


def _signed(number: int) -> int:
    return number - (1 << HASH_BITS) if number >> HASH_BITS - 1 else number


@cache
def _cosines() -> list[list[float]]:
    """The eight lowest cosines over 32 places (a cosine transform of the second kind)."""
    return [
        [
            2 * math.cos(math.pi * frequency * (2 * place + 1) / (2 * _GREY_SIDE))
            for place in range(_GREY_SIDE)
        ]
        for frequency in range(_HASH_SIDE)
    ]


def _lowest(line: Iterable[float]) -> list[float]:
    values = list(line)
    return [sum(map(mul, wave, values)) for wave in _cosines()]


@cache
def _linear() -> list[float]:
    """Light for each of the 256 values of sRGB."""
    values = [value / 255 for value in range(256)]
    return [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    ]


def _oklab(red: int, green: int, blue: int) -> tuple[float, float, float]:
    """Björn Ottosson's Oklab: light to the answers of three cones, their cube roots to L, a, b."""
    linear = _linear()
    r, g, b = linear[red], linear[green], linear[blue]
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _shared_out(red: int, green: int, blue: int) -> list[tuple[int, float]]:
    """The corners of the grid around a colour, and how near it is to each."""
    lightness, a, b = _oklab(red, green, blue)
    axes = [
        _neighbours(at)
        for at in (
            lightness * (_STEPS - 1),
            a / _CHROMA_STEP + _MIDDLE,
            b / _CHROMA_STEP + _MIDDLE,
        )
    ]
    return [
        ((x * _STEPS + y) * _STEPS + z, share_x * share_y * share_z)
        for (x, share_x), (y, share_y), (z, share_z) in itertools.product(*axes)
    ]


def _neighbours(at: float) -> Sequence[tuple[int, float]]:
    at = min(max(at, 0.0), _STEPS - 1.0)
    low = min(int(at), _STEPS - 2)
    return ((low, 1 - (at - low)), (low + 1, at - low))


@cache
def _family_of_cell() -> list[int]:
    """Greys by lightness, then eight hues, dark and light."""
    families = []
    for lightness, a, b in itertools.product(range(_STEPS), repeat=3):
        if a == b == _MIDDLE:
            families.append(lightness)
            continue
        hue = round(math.atan2(b - _MIDDLE, a - _MIDDLE) / math.tau * _HUES) % _HUES
        families.append(_GREYS + hue + _HUES * (lightness > _MIDDLE))
    return families
