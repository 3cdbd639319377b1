"""Colour: OKLab mixing, ramps, and the swatches the pictures are painted from.

OKLab (Björn Ottosson, 2020) is a space in which a straight line between two colours looks even
to the eye, so gradients stay clean where sRGB would turn grey. A colour here is (L, a, b) with L
from 0 (black) to 1 (white).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
Lab: TypeAlias = tuple[float, float, float]

RAMP_STEPS = 1024

_LMS_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LMS_FROM_LAB = np.linalg.inv(_LAB_FROM_LMS).astype(np.float32)
_RGB_FROM_LMS = np.linalg.inv(_LMS_FROM_RGB).astype(np.float32)


def lab_from_hex(text: str) -> Lab:
    """The colour written "#rrggbb"."""
    value = int(text.removeprefix("#"), 16)
    encoded = np.array([value >> 16, value >> 8 & 255, value & 255]) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    lightness, a, b = _LAB_FROM_LMS @ np.cbrt(_LMS_FROM_RGB @ linear)
    return float(lightness), float(a), float(b)


@lru_cache(maxsize=1)
def _srgb_encoding() -> FloatArray:
    """Linear light, 0 to 1 in 8,192 parts, to sRGB levels from 0 to 255."""
    linear = np.linspace(0, 1, 8192)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (encoded * 255).astype(np.float32)


def levels_from_lab(lab: FloatArray) -> FloatArray:
    """Planes (3, height, width) of OKLab to sRGB levels 0 to 255, not yet rounded."""
    roots = _LMS_FROM_LAB @ lab.reshape(3, -1)
    linear = _RGB_FROM_LMS @ (roots * roots * roots)
    linear *= 8191
    np.clip(linear, 0, 8191, out=linear)
    levels: FloatArray = _srgb_encoding()[linear.astype(np.int16)].reshape(lab.shape)
    return levels


def mix(first: Lab, second: Lab, share: float) -> Lab:
    """The colour `share` of the way from `first` to `second`."""
    return (
        first[0] + (second[0] - first[0]) * share,
        first[1] + (second[1] - first[1]) * share,
        first[2] + (second[2] - first[2]) * share,
    )


@dataclass(frozen=True, slots=True)
class Swatch:
    """Five colours from dark to light that belong together, and one that sings against them."""

    colours: tuple[Lab, ...]
    accent: Lab

    @classmethod
    def of(cls, colours: str, accent: str) -> "Swatch":
        return cls(tuple(lab_from_hex(part) for part in colours.split()), lab_from_hex(accent))

    def at(self, place: float) -> Lab:
        """The colour at `place`, 0 darkest to 1 lightest."""
        scaled = min(max(place, 0.0), 1.0) * (len(self.colours) - 1)
        index = min(int(scaled), len(self.colours) - 2)
        return mix(self.colours[index], self.colours[index + 1], scaled - index)

    def ramp(self, low: float = 0.0, high: float = 1.0) -> FloatArray:
        """A table (3, RAMP_STEPS) of the colours between the places `low` and `high`."""
        places = np.linspace(low, high, RAMP_STEPS) * (len(self.colours) - 1)
        # A smooth step inside each stretch rounds the corners without overshooting.
        whole = np.clip(np.floor(places), 0, len(self.colours) - 2)
        part = np.clip(places - whole, 0, 1)
        part = 0.5 * part + 0.5 * part * part * (3 - 2 * part)
        table = np.array(self.colours)
        first, second = table[whole.astype(int)], table[whole.astype(int) + 1]
        table = (first + (second - first) * part[:, None]).T
        return np.ascontiguousarray(table, np.float32)

    def tuned(self, *, chroma: float = 1.0, lightness: float = 0.0, turn: float = 0.0) -> "Swatch":
        """The same colours with chroma multiplied, lightness added and hue turned (radians)."""
        return Swatch(
            tuple(_tune(colour, chroma, lightness, turn) for colour in self.colours),
            _tune(self.accent, chroma, lightness / 2, 0.0),
        )


def _tune(colour: Lab, chroma: float, lightness: float, turn: float) -> Lab:
    cosine, sine = float(np.cos(turn)) * chroma, float(np.sin(turn)) * chroma
    light, a, b = colour
    # Near black and white there is less room to move, so that both stay themselves.
    room = 4 * light * (1 - light) if 0 < light < 1 else 0.0
    return (
        min(max(light + lightness * (0.35 + 0.65 * room), 0.0), 1.0),
        a * cosine - b * sine,
        a * sine + b * cosine,
    )


@dataclass(frozen=True, slots=True)
class Palette:
    """What a scene paints with.

    `figure` colours what the picture is about, `ground` what lies around it, `accent` the one
    thing that should catch the eye, `light` the sun, the moon or a lamp.
    """

    figure: Swatch
    ground: Swatch
    accent: Lab
    light: Lab

    @property
    def is_dark(self) -> bool:
        return self.ground.colours[2][0] < 0.54


SWATCHES: dict[str, Swatch] = {
    "gold": Swatch.of("#3b1f0b #8a4b12 #d98e2b #f6c667 #fff1d0", "#e4572e"),
    "red": Swatch.of("#2a0508 #7f1019 #cf2b33 #f0796b #ffe4d9", "#f6c667"),
    "orange": Swatch.of("#331004 #9c3a0c #ee7a22 #fbb46a #fff0dc", "#2d7f86"),
    "yellow": Swatch.of("#3d2c06 #a97b0f #f2c230 #fbe08a #fffbe6", "#5b6ee1"),
    "green": Swatch.of("#0b2418 #1c5c3a #3f9d63 #9dd19b #effaea", "#ffb45c"),
    "teal": Swatch.of("#042326 #0a5a5f #1f9b98 #8ad6cb #ecfaf5", "#ff8f6b"),
    "blue": Swatch.of("#071533 #143d8a #3478d8 #8fbcf2 #eaf3ff", "#ffb057"),
    "purple": Swatch.of("#1a0f36 #4b2b8c #8557cf #c3a4ee #f7f0ff", "#ffc86b"),
    "pink": Swatch.of("#3f1429 #a8386a #ea7fa3 #f9bfcb #fff2f0", "#7cc6b0"),
    "brown": Swatch.of("#20120b #55331f #96663f #cda579 #f5e9d8", "#3f8f86"),
    "grey": Swatch.of("#15181c #424a52 #858e95 #c1c7ca #f5f6f5", "#e2725b"),
    "white": Swatch.of("#8d8a86 #bdb9b2 #dcd8d0 #efece6 #fdfcf9", "#d9825b"),
    "black": Swatch.of("#040506 #101317 #23282e #4a525a #b9bfc3", "#d8b26a"),
    "grass": Swatch.of("#0f2a1d #1f5b35 #4c9a4a #a6cf6b #f3f7d2", "#ffd166"),
    "forest": Swatch.of("#081a16 #14402f #2f7355 #86b58e #eaf2df", "#f2a65a"),
    "sea": Swatch.of("#061e33 #0b4f74 #1c8ca8 #7fd1cf #eaf8f2", "#ff8a5b"),
    "mountain": Swatch.of("#14213a #2f4a6b #6c8ca6 #b4c7d0 #f6f0e4", "#e07a5f"),
    "ink": Swatch.of("#16181b #3b4146 #7c8385 #c2c4bf #f6f2e8", "#b8322a"),
    "night": Swatch.of("#05060f #101a3c #2b3178 #7a6fd6 #e4d9ff", "#ffb86b"),
    "neon": Swatch.of("#07040f #24104a #7d1f9e #ff4a9e #a5f3ff", "#27f5d0"),
    "blossom": Swatch.of("#4a1f33 #a84b6e #e88fa6 #f9c9cf #fff4ef", "#8dbf6a"),
    "summer": Swatch.of("#0b3a4a #14808c #54c2b0 #ffe08a #fffbe8", "#ff6f59"),
    "autumn": Swatch.of("#2b120c #7a2e17 #c9581f #eba24a #fbe8c4", "#2e6e62"),
    "snow": Swatch.of("#1b2a41 #4a6b8a #9dbad1 #d6e4ec #fbfcfb", "#d1495b"),
    "sunset": Swatch.of("#2a1038 #7c2757 #e0525a #fba05c #ffe9bd", "#fff0c2"),
    "dawn": Swatch.of("#2b3157 #7c6c9c #de93a3 #f8c8a8 #fff4e0", "#fff1d6"),
    "panda": Swatch.of("#111314 #2b2f2f #8d948f #dcded7 #fcfbf6", "#d2322d"),
    "lavender": Swatch.of("#221a3e #57419a #937ccb #cbb9ea #f7f1fb", "#f4b860"),
    "sky": Swatch.of("#1e3e6e #4c86c6 #93bfe6 #d4e6f4 #fff9ee", "#ffb36b"),
    "desert": Swatch.of("#4a2314 #a65a2e #dd9a58 #f2cd95 #fff1d9", "#2d8c8c"),
    "cream": Swatch.of("#7d6552 #bfa288 #decbb5 #f0e5d7 #fcf8f2", "#d9825b"),
    "tech": Swatch.of("#050b18 #0e2a52 #1e62b8 #4fb3ff #dff4ff", "#7cffcb"),
    "festive": Swatch.of("#2c0507 #86121a #d3322b #f4a63a #fff0c9", "#ffd76a"),
    "jade": Swatch.of("#0c2a26 #23625a #5aa596 #b5d9c9 #f4f8ef", "#d4a24c"),
    "tea": Swatch.of("#1f1a0e #575026 #94893f #cdc48a #f7f3dd", "#b4532f"),
    "coffee": Swatch.of("#1a0f0a #4a2c1c #8a5a3a #c9a07a #f6eadb", "#d97b4a"),
    "coral": Swatch.of("#3b1220 #9b3346 #f0706a #fcb199 #fff0e6", "#2f8f9d"),
    "mint": Swatch.of("#123a36 #2d7f73 #77c3ae #c3e8d8 #f8fdf8", "#ff9a76"),
    "peach": Swatch.of("#4c2231 #b3606b #f2a08c #fbd0b5 #fff7ec", "#6aa9a4"),
    "aurora": Swatch.of("#06111f #0f3b4c #1f8f7e #7ee0a8 #f0ffe6", "#b784ff"),
}
"""Swatches by the name the lexicon uses."""

FREE_CHOICE = (
    "coral", "sea", "dawn", "aurora", "peach", "jade", "sunset", "lavender",
    "mint", "autumn", "blue", "mountain", "cream", "blossom",
)  # fmt: skip
"""What the seed chooses from when the words name no colour and nothing that has one."""
