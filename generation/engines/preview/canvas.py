"""The sheet a scene paints on: OKLab planes, and the few strokes every scene is made of.

Lengths are in units of the shorter side and (0, 0) is the middle, so that a composition holds
together in every format. `x` runs from -right to right, `y` from -bottom (top) to bottom.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from generation.engines.preview.palette import RAMP_STEPS, FloatArray, Lab, Swatch

COARSE_SIDE = 320
"""Fields without sharp edges are computed with this many pixels on the shorter side."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A mask for a part of the sheet: 0 leaves the pixel, 1 covers it."""

    rows: slice
    columns: slice
    mask: FloatArray


class Spot(NamedTuple):
    """Where a round thing is and how large: middle and radius, in units."""

    x: float
    y: float
    radius: float


class Canvas:
    """A sheet of `width` x `height` pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.unit = min(width, height)
        self.right, self.bottom = width / self.unit / 2, height / self.unit / 2
        self.lab: FloatArray = np.zeros((3, height, width), np.float32)
        self.x = self._axis(width, self.right)[None, :]
        self.y = self._axis(height, self.bottom)[:, None]
        shrink = max(self.unit / COARSE_SIDE, 1.0)
        self.coarse_size = round(width / shrink), round(height / shrink)
        self.coarse_x = self._axis(self.coarse_size[0], self.right)[None, :]
        self.coarse_y = self._axis(self.coarse_size[1], self.bottom)[:, None]

    @staticmethod
    def _axis(count: int, end: float) -> FloatArray:
        places = (np.arange(count) + 0.5) / count * 2 - 1
        return (places * end).astype(np.float32)

    # Fields -------------------------------------------------------------------------------

    def enlarge(self, field: FloatArray) -> FloatArray:
        """A coarse field at the size of the sheet."""
        if field.shape == (self.height, self.width):
            return field
        return resized(field, self.width, self.height)

    # Whole-sheet strokes -------------------------------------------------------------------

    def fill(self, colour: Lab) -> None:
        self.lab[:] = np.array(colour, np.float32)[:, None, None]

    def paint_field(self, field: FloatArray, ramp: FloatArray) -> None:
        """Colour the whole sheet by `field` (0 to 1, sheet or coarse size) through `ramp`."""
        index = self.enlarge(field) * (RAMP_STEPS - 1)
        np.clip(index, 0, RAMP_STEPS - 1, out=index)
        self.lab[:] = ramp[:, index.astype(np.int16)]

    def paint_down(self, swatch: Swatch, top: float, bottom: float) -> None:
        """A vertical gradient between two places of `swatch`."""
        ramp = swatch.ramp(top, bottom)
        index = np.linspace(0, RAMP_STEPS - 1, self.height).astype(np.int16)
        self.lab[:] = ramp[:, index][:, :, None]

    def lighten(self, field: FloatArray, amount: float) -> None:
        """Add `field` x `amount` to the lightness; coarse fields are enlarged."""
        self.lab[0] += self.enlarge(field) * np.float32(amount)

    # Strokes with a shape ------------------------------------------------------------------

    def cover(self, mask: FloatArray, colour: Lab, opacity: float = 1.0) -> None:
        """Lay `colour` over the whole sheet where `mask` says so."""
        self.dab(Patch(slice(0, self.height), slice(0, self.width), mask), colour, opacity)

    def dab(self, patch: Patch, colour: Lab | FloatArray, opacity: float = 1.0) -> None:
        """Lay a colour, or planes of colours of the patch's size, over one patch."""
        mask = patch.mask if opacity == 1.0 else patch.mask * np.float32(opacity)
        for plane, value in zip(self.lab, colour, strict=True):
            part = plane[patch.rows, patch.columns]
            part += (np.asarray(value, np.float32) - part) * mask

    def glow(self, x: float, y: float, radius: float, colour: Lab, opacity: float) -> None:
        """Light that falls off softly from a point; computed coarsely, it has no edge."""
        square = (self.coarse_x - x) ** 2 + (self.coarse_y - y) ** 2
        self.cover(self.enlarge(np.exp(square * np.float32(-1 / radius**2))), colour, opacity)

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        tall: float = 1.0,
        turn: float = 0.0,
        feather: float = 0.0,
    ) -> Patch:
        """An ellipse `tall` times as high as wide, turned by radians, with a soft `feather`."""
        rows, columns, across, down = self.frame(x, y, radius, tall, turn)
        distance = np.sqrt(across**2 + down**2)
        edge = max(feather / radius, 1.5 / (radius * self.unit))
        mask = np.clip((1 - distance) / edge + 0.5, 0, 1)
        if feather:
            mask = mask * mask * (3 - 2 * mask)
        return Patch(rows, columns, mask)

    def frame(
        self, x: float, y: float, radius: float, tall: float = 1.0, turn: float = 0.0
    ) -> tuple[slice, slice, FloatArray, FloatArray]:
        """The rectangle around an ellipse and its own coordinates there, 1 on the rim."""
        reach = radius * max(tall, 1.0) * 1.25 + 3 / self.unit
        rows = self._span(y - reach, y + reach, self.bottom, self.height)
        columns = self._span(x - reach, x + reach, self.right, self.width)
        dx, dy = self.x[:, columns] - np.float32(x), self.y[rows] - np.float32(y)
        cosine, sine = np.float32(math.cos(turn)), np.float32(math.sin(turn))
        across = np.asarray((dx * cosine + dy * sine) / np.float32(radius), np.float32)
        down = np.asarray((dy * cosine - dx * sine) / np.float32(radius * tall), np.float32)
        return rows, columns, across, down

    def _span(self, low: float, high: float, end: float, count: int) -> slice:
        first = int((low + end) / (2 * end) * count)
        last = int((high + end) / (2 * end) * count) + 1
        return slice(min(max(first, 0), count), min(max(last, 0), count))

    def polygons(self, shapes: list[tuple[list[tuple[float, float]], float]]) -> FloatArray:
        """A mask of filled polygons, each with its own opacity, with smooth edges."""
        scale = 2 * self.unit
        sheet = Image.new("L", (self.width * 2, self.height * 2))
        pencil = ImageDraw.Draw(sheet)
        for points, opacity in shapes:
            corners = [((px + self.right) * scale, (py + self.bottom) * scale) for px, py in points]
            pencil.polygon(corners, fill=round(opacity * 255))
        return np.asarray(sheet.reduce(2), np.float32) / np.float32(255)

    def below(self, line: FloatArray) -> Patch:
        """Everything below a line given as one y per column."""
        top = max(int((float(line.min()) + self.bottom) * self.unit) - 2, 0)
        rows = slice(min(top, self.height), self.height)
        depth = (self.y[rows] - line[None, :]) * np.float32(self.unit) + np.float32(0.5)
        return Patch(rows, slice(0, self.width), np.clip(depth, 0, 1))

    # Lenses --------------------------------------------------------------------------------

    def soften(self, across: float, down: float | None = None) -> None:
        """Blur the whole sheet by about `across` x `down` units."""
        down = across if down is None else down
        for plane in self.lab:
            plane[:] = softened(plane, across * self.unit, down * self.unit)


def resized(field: FloatArray, width: int, height: int) -> FloatArray:
    """`field` at another size, bicubic."""
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.array(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)


def softened(field: FloatArray, across: float, down: float) -> FloatArray:
    """`field` blurred by about that many pixels, by making it smaller and large again."""
    height, width = field.shape
    small = max(round(width / max(across, 1)), 2), max(round(height / max(down, 1)), 2)
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    image = image.resize(small, Image.Resampling.HAMMING)
    return np.array(image.resize((width, height), Image.Resampling.BICUBIC), np.float32)
