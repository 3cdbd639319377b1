"""The sizes that the form offers: one per usual aspect ratio. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from generation.limits import Limits

# What models of the Z-Image family are trained for: about one million pixels, whatever the shape.
NATIVE_SIDE = 1024
SMALLEST_SIDE = 64
ASPECTS = ((1, 1), (4, 3), (3, 2), (16, 9), (2, 3), (9, 16))


@dataclass(frozen=True, slots=True)
class SizePreset:
    """A size in pixels under the name of its aspect ratio, such as `16:9`."""

    label: str
    width: int
    height: int


def presets(limits: Limits, *, multiple: int) -> list[SizePreset]:
    """One size per aspect ratio: about a million pixels, or as many as the limits allow.

    Sides are multiples of `multiple`, so a size may miss its ratio by a hair; between the largest
    and nine tenths of it, the size that comes closest is taken.
    """
    return [_preset(wide, high, limits, multiple) for wide, high in ASPECTS]


def size_like(width: int, height: int, limits: Limits, *, multiple: int) -> tuple[int, int]:
    """The size of a picture, made smaller in its shape where the limits do not allow it."""
    scale = min(
        1.0,
        limits.max_side / max(width, height),
        math.sqrt(limits.max_pixels / (width * height)),
    )
    wide, high = (_floor(side * scale, multiple) for side in (width, height))
    # Of a strip, the side that had to be widened leaves less for the other one.
    return min(wide, _floor(limits.max_pixels / high, multiple)), min(
        high, _floor(limits.max_pixels / wide, multiple)
    )


def _floor(pixels: float, multiple: int) -> int:
    return max(math.floor(pixels / multiple + 1e-9) * multiple, SMALLEST_SIDE)


def _preset(wide: int, high: int, limits: Limits, multiple: int) -> SizePreset:
    ratio = max(wide, high) / min(wide, high)
    area = min(limits.max_side**2, limits.max_pixels, NATIVE_SIDE**2)
    most = min(limits.max_side, math.isqrt(round(area * ratio))) // multiple
    longs = (count * multiple for count in range(most, math.floor(most * 0.9), -1))
    sizes = [(side, max(round(side / ratio / multiple), 1) * multiple) for side in longs]
    fitting = [size for size in sizes if size[0] * size[1] <= limits.max_pixels]
    long, short = min(fitting or sizes, key=lambda size: (_miss(size, ratio), -size[0]))
    width, height = (long, short) if wide >= high else (short, long)
    return SizePreset(f"{wide}:{high}", width, height)


def _miss(size: tuple[int, int], ratio: float) -> float:
    """How far a size is from its ratio; what nobody could see counts as nothing."""
    return round(abs(size[0] / size[1] / ratio - 1), 4)
