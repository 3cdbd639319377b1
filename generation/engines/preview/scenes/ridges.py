"""Ridges: mountains behind mountains in mist; in ink, as dunes, with pines or over a lake."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, Spot, softened
from generation.engines.preview.fields import Dice, clouds, ridge_line
from generation.engines.preview.palette import SWATCHES, FloatArray, Lab, Palette, mix
from generation.engines.preview.solids import mist, moon, sun


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    count = int(dice.integers(5, 8))
    shore = 0.2 * canvas.bottom * 2 - 0.02
    _sky(canvas, palette, dice, extras)
    for index in range(count):
        nearness = (index + 1) / count
        line = _line(canvas, dice, index, count, extras)
        _layer(canvas, palette, line, nearness, extras)
    if "mirror" in extras:
        _lake(canvas, palette, shore)


def _sky(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    top, bottom = (0.08, 0.55) if palette.is_dark else (0.72, 0.98)
    canvas.paint_down(palette.ground, top, bottom)
    if "aurora" in extras:
        _curtains(canvas, dice.spawn(1)[0])
        return
    x, y = dice.uniform(-0.3, 0.3) * 2 * canvas.right, -canvas.bottom * dice.uniform(0.3, 0.55)
    if "moon" in extras or (palette.is_dark and "sun" not in extras):
        moon(canvas, Spot(x, y, 0.075), palette.light)
    elif "ink" in extras:
        sun(canvas, Spot(x, y, 0.07), palette.accent, 0.0)
    else:
        warm = mix(palette.light, palette.accent, 0.25)
        sun(canvas, Spot(x, y, dice.uniform(0.06, 0.1)), warm, 0.8)


def _curtains(canvas: Canvas, dice: Dice) -> None:
    """Northern lights: bright lower hems that fade upwards in rays."""
    aurora = SWATCHES["aurora"]
    x, y = canvas.coarse_x[0], canvas.coarse_y
    for curtain in range(3):
        pace, start = dice.uniform(2.0, 4.0), dice.uniform(0, 6.28)
        hem = np.sin(x * np.float32(pace) + np.float32(start)) * np.float32(0.09)
        hem += np.sin(x * np.float32(pace * 2.7) + np.float32(start * 2)) * np.float32(0.04)
        height = hem + np.float32(-canvas.bottom * (0.12 + 0.2 * curtain)) - y
        rays = clouds(canvas, dice, 9, 2)[:1]
        reach = np.float32(0.1) + np.float32(0.24) * rays
        glow = np.where(height > 0, np.exp(-height / reach), np.exp(height * np.float32(26)))
        glow = canvas.enlarge(np.asarray(glow * (np.float32(0.35) + rays), np.float32))
        canvas.cover(np.clip(glow, 0, 1), aurora.at(0.66), 0.75 - 0.15 * curtain)
        canvas.cover(np.clip(glow, 0, 1) ** 3, mix(aurora.at(0.9), aurora.accent, 0.25), 0.45)


def _line(canvas: Canvas, dice: Dice, index: int, count: int, extras: frozenset[str]) -> FloatArray:
    """Where a ridge ends against the sky: farther ones are higher, nearer ones calmer."""
    nearness = (index + 1) / count
    base = canvas.bottom * (-0.22 + 1.02 * nearness**1.15)
    if "pines" in extras and nearness > 0.55:
        hill = np.float32(0.14) * ridge_line(canvas, dice, 1.5, 2, 0.5)
        return np.float32(base) - hill - _pines(canvas, dice, nearness)
    rough = 0.4 if "ink" in extras else 0.46
    tall = canvas.bottom * (0.55 - 0.2 * nearness)
    shape = ridge_line(canvas, dice, 1.3 + index * 0.25, 7, rough)
    return np.asarray(base - tall * shape**1.35, np.float32)


def _pines(canvas: Canvas, dice: Dice, nearness: float) -> FloatArray:
    """The outline of a row of conifers, as heights above the hill."""
    heights = np.zeros(canvas.width, np.float32)
    spacing = 0.018 + 0.03 * (nearness - 0.5)
    position = -canvas.right
    while position < canvas.right:
        size = spacing * dice.uniform(2.0, 4.6)
        away = np.abs(canvas.x[0] - np.float32(position)) / np.float32(size * 0.3)
        steps = np.float32(0.1) * np.abs(np.sin(away * 12))
        heights = np.maximum(heights, np.float32(size) * np.clip(1 - away - steps, 0, 1))
        position += spacing * dice.uniform(0.5, 1.3)
    return heights


def _layer(
    canvas: Canvas, palette: Palette, line: FloatArray, nearness: float, extras: frozenset[str]
) -> None:
    patch = canvas.below(line)
    air: Lab = palette.ground.at(0.5 if palette.is_dark else 0.93)
    body = palette.figure.at(0.62 * (1 - nearness) ** 0.9 + 0.03)
    if not palette.is_dark:
        body = mix(body, air, 0.55 * (1 - nearness))
    # The mist follows the mountain as a whole; following every crag would leave streaks.
    calm = softened(line[None, :], 0.12 * canvas.unit, 1.0)
    depth = canvas.y[patch.rows] - calm
    # Each slope fades into mist towards its foot, so that the next one stands out.
    reach = 0.2 + 0.16 * (1 - nearness)
    fade = np.clip(1 - depth / np.float32(reach), 0, 1.15)
    strength = (np.float32(0.14) + np.float32(0.86) * fade**1.5) if nearness < 1 else np.float32(1)
    if "ink" in extras:
        brush = np.exp(-np.clip(canvas.y[patch.rows] - line, 0, None) * np.float32(22))
        strength = np.float32(0.05) + np.float32(0.55) * fade**2.2 + np.float32(0.3) * brush
        strength = strength * np.float32(0.3 + 0.6 * nearness)
    canvas.dab(Patch(patch.rows, patch.columns, patch.mask * strength), body)
    if nearness < 1:
        mist(canvas, float(line.max()) + 0.03, 0.06, air, 0.25)


def _lake(canvas: Canvas, palette: Palette, shore: float) -> None:
    """The lower part becomes still water that shows the upper part, drawn out sideways."""
    first = int((shore + canvas.bottom) * canvas.unit)
    depth = canvas.height - first
    if depth < 8 or first < depth:
        return
    for plane, tint in zip(canvas.lab, palette.ground.at(0.3), strict=True):
        image = plane[first - depth : first][::-1]
        image = softened(image, 0.012 * canvas.unit, 0.035 * canvas.unit)
        plane[first:] = image + (np.float32(tint) - image) * np.float32(0.22)
    rows = canvas.y[first:, 0] - np.float32(shore)
    ripples = np.sin(np.sqrt(np.clip(rows, 0, None)) * np.float32(150)) * np.float32(0.012)
    canvas.lab[0][first:] += ripples[:, None]
    mist(canvas, shore, 0.018, palette.light, 0.5)
