"""Tide: a wide sea under a low sun, wave behind wave."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, Spot
from generation.engines.preview.fields import Dice, clouds, ridge_line, smoothstep
from generation.engines.preview.palette import FloatArray, Palette, mix
from generation.engines.preview.solids import moon, sun


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    horizon = -canvas.bottom * dice.uniform(0.05, 0.25)
    sun_x = float(dice.uniform(-0.3, 0.3)) * 2 * canvas.right
    _sky(canvas, palette, dice, horizon=horizon, sun_x=sun_x, extras=extras)
    waves = 11
    for index in range(waves):
        near = index / (waves - 1)
        _wave(canvas, palette, dice, horizon, near)
    _glitter(canvas, palette, dice, horizon, sun_x)


def _sky(
    canvas: Canvas,
    palette: Palette,
    dice: Dice,
    *,
    horizon: float,
    sun_x: float,
    extras: frozenset[str],
) -> None:
    top, low = (0.08, 0.62) if palette.is_dark else (0.6, 0.98)
    canvas.paint_down(palette.ground, top, low + (low - top) * 0.6)
    streaks = clouds(canvas, dice, 1.6, 3)
    # Clouds at sea lie flat: a narrow piece of the field, drawn out sideways.
    columns = np.linspace(0, streaks.shape[1] / 4, streaks.shape[1]).astype(int)
    veil = smoothstep(streaks[:, columns], 0.42, 0.9)
    canvas.cover(canvas.enlarge(veil), mix(palette.light, palette.figure.at(0.9), 0.4), 0.5)
    y = horizon - dice.uniform(0.1, 0.2)
    if "moon" in extras:
        moon(canvas, Spot(sun_x, y - 0.12, 0.07), palette.light)
    else:
        warm = mix(palette.light, palette.accent, 0.35)
        sun(canvas, Spot(sun_x, y, dice.uniform(0.07, 0.11)), warm, 0.9)


def _wave(canvas: Canvas, palette: Palette, dice: Dice, horizon: float, near: float) -> None:
    y = horizon + (canvas.bottom - horizon) * near**1.7 * 0.96
    swell = 0.004 + 0.075 * near**1.4
    x = canvas.x[0]
    pace, start = 9 - 6.4 * near, dice.uniform(0, 6.28)
    line: FloatArray = np.abs(
        np.sin(x * np.float32(pace) + np.float32(start) + np.float32(0.6) * np.sin(x * 2 + start))
    )
    line = line * np.float32(-swell) - np.float32(swell * 0.5) * ridge_line(
        canvas, dice, 1.6, 3, 0.5
    )
    line = line + np.float32(y)
    patch = canvas.below(line)
    depth = canvas.y[patch.rows] - line[None, :]
    high = 0.66 if not palette.is_dark else 0.55
    place = high - 0.5 * near + 0.04 * float(dice.uniform(-1, 1))
    canvas.dab(patch, palette.figure.at(place))
    crest = np.exp(-np.clip(depth, 0, None) * np.float32(1 / (0.006 + 0.035 * near)))
    canvas.dab(
        Patch(patch.rows, patch.columns, patch.mask * crest), palette.figure.at(place + 0.32), 0.75
    )
    foam = np.exp(-np.clip(depth, 0, None) * np.float32(1 / (0.0012 + 0.003 * near)))
    canvas.dab(Patch(patch.rows, patch.columns, patch.mask * foam), palette.light, 0.55)


def _glitter(canvas: Canvas, palette: Palette, dice: Dice, horizon: float, sun_x: float) -> None:
    """The road of light that leads to the sun."""
    tall, wide = max(canvas.unit // 340, 1), max(canvas.unit // 44, 4)
    rows, columns = np.arange(canvas.height) // tall, np.arange(canvas.width)
    shift = dice.integers(0, wide * 8, rows[-1] + 1)[rows]
    sparks = dice.random((rows[-1] + 1, (canvas.width + 8 * wide) // wide + 1), np.float32)
    cell = (columns[None, :] + shift[:, None]) / np.float32(wide)
    bulge = np.sin((cell - np.floor(cell)) * np.float32(np.pi))
    mask = sparks[rows[:, None], cell.astype(np.int32)] * bulge.astype(np.float32) ** 0.5
    below = np.clip(canvas.y - np.float32(horizon), 0, None)
    road = np.exp(-(((canvas.x - np.float32(sun_x)) / (np.float32(0.05) + below * 0.22)) ** 2))
    mask = smoothstep(mask, 0.72, 0.96) * road * (below > 0) * np.exp(-below * np.float32(2.4))
    image = Patch(slice(0, canvas.height), slice(0, canvas.width), mask.astype(np.float32))
    canvas.dab(image, palette.light, 0.75)
