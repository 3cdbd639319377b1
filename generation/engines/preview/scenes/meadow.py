"""Meadow: low hills, light behind them, and blades of grass close to the eye."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Spot
from generation.engines.preview.fields import Dice, ridge_line
from generation.engines.preview.palette import SWATCHES, Lab, Palette, Swatch, mix
from generation.engines.preview.scenes.bloom import flower
from generation.engines.preview.solids import bokeh, mist, sun

Shapes = list[tuple[list[tuple[float, float]], float]]


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    backdrop(canvas, palette, dice, extras)
    blades(canvas, palette, dice, 1.0)
    if "flowers" in extras:
        _flowers(canvas, palette, dice)
    _lights(canvas, palette, dice)


def backdrop(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    """Sky, sun and hills, without the grass in front."""
    grass = greens(palette)
    sky = SWATCHES["night" if palette.is_dark else "sky"]
    canvas.paint_down(sky, 0.3 if palette.is_dark else 0.66, 0.7 if palette.is_dark else 1.0)
    canvas.cover(np.ones((1, 1), np.float32), palette.light, 0.25)
    x, y = dice.uniform(-0.35, 0.35) * 2 * canvas.right, -canvas.bottom * dice.uniform(0.25, 0.6)
    sun(canvas, Spot(x, y, 0.07), palette.light, 0.9)
    for index in range(4):
        near = (index + 1) / 4
        base = canvas.bottom * (-0.08 + 0.42 * near)
        line = base - np.float32(0.16 - 0.02 * index) * ridge_line(canvas, dice, 0.9, 3, 0.35)
        colour: Lab = mix(grass.at(0.74 - 0.34 * near), palette.light, 0.42 * (1 - near))
        canvas.dab(canvas.below(line), colour)
        mist(canvas, base + 0.02, 0.09, palette.light, 0.2 * (1.2 - near))
    if "motion" in extras:
        canvas.soften(0.12, 0.006)


def greens(palette: Palette) -> Swatch:
    """The colour of the grass: the ground's if that is green enough, else plain grass."""
    middle = palette.ground.colours[2]
    return palette.ground if middle[1] < -0.05 and middle[2] > 0.02 else SWATCHES["grass"]


def blades(canvas: Canvas, palette: Palette, dice: Dice, tall: float) -> None:
    """Three rows of grass, darker and taller towards the eye."""
    grass = greens(palette)
    rows = ((0.42, 0.10, 0.62, 150), (0.7, 0.17, 0.42, 130), (1.02, 0.3, 0.2, 90))
    for depth, height, place, count in rows:
        shapes: list[Shapes] = [[], []]
        for index in range(int(count * canvas.right * 2)):
            blade = _blade(canvas, dice, canvas.bottom * depth, height * tall)
            shapes[index % 2].append((blade, float(dice.uniform(0.75, 1))))
        for shade, half in enumerate(shapes):
            colour = mix(grass.at(place + 0.14 * shade), palette.light, 0.07 * shade)
            canvas.cover(canvas.polygons(half), colour)


def _blade(canvas: Canvas, dice: Dice, foot: float, height: float) -> list[tuple[float, float]]:
    x = dice.uniform(-canvas.right - 0.05, canvas.right + 0.05)
    y = foot + dice.uniform(0.0, 0.16)
    length, lean = height * dice.uniform(0.5, 1.15), dice.normal(0.06, 0.16)
    half = length * dice.uniform(0.018, 0.034)
    left, right = [], []
    for step in range(7):
        part = step / 6
        px = x + lean * length * 2.2 * part**2
        py = y - length * part * (1 - 0.12 * part)
        thin = half * (1 - part**1.6)
        left.append((px - thin, py))
        right.append((px + thin, py))
    return left + right[::-1]


def _flowers(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """Flowers among the grass, larger towards the eye."""
    for index in range(16):
        near = index / 15
        y = canvas.bottom * (0.3 + 0.6 * near) - 0.06 * dice.random()
        spot = Spot(dice.uniform(-1, 1) * canvas.right, y, 0.016 + 0.05 * near**1.3)
        flower(canvas, dice, spot, palette.figure, palette)


def _lights(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    colours = [palette.accent, mix(palette.accent, palette.light, 0.5), palette.figure.at(0.7)]
    bokeh(canvas, dice, colours, 22, size=(0.004, 0.013), band=(0.6, 0.98), opacity=0.95)
    bokeh(canvas, dice, [palette.light], 14, size=(0.02, 0.06), band=(0.25, 0.9), opacity=0.22)
