"""Contour: lines of equal height drawn over a quiet landscape, as on a map or in a raked garden."""

import numpy as np

from generation.engines.preview.canvas import Canvas
from generation.engines.preview.fields import Dice, clouds, folded, smoothstep
from generation.engines.preview.palette import Palette, mix


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    del extras
    land = np.float32(0.62) * clouds(canvas, dice, 1.3, 2) + np.float32(0.38) * folded(
        canvas, dice, 0.8, 0.6
    )
    height = canvas.enlarge(land)
    low, high = (0.02, 0.4) if palette.is_dark else (0.72, 0.98)
    canvas.paint_field(land, palette.ground.ramp(low, high))
    warm = smoothstep(land, 0.5, 0.95)
    canvas.cover(canvas.enlarge(warm), palette.figure.at(0.55 if palette.is_dark else 0.7), 0.5)
    x, y = dice.uniform(-0.22, 0.22), dice.uniform(-0.2, 0.1)
    disc = canvas.disc(x, y, dice.uniform(0.17, 0.23))
    canvas.dab(disc, mix(palette.accent, palette.light, 0.12), 0.92)
    lines = int(dice.integers(20, 32))
    down, across = np.gradient(height)
    slope = np.sqrt(down**2 + across**2) * np.float32(lines) + np.float32(1e-4)
    place = height * np.float32(lines)
    away = np.abs(place - np.round(place)) / slope
    thick = np.float32(0.8 * canvas.unit / 1024 + 0.3)
    # Where the land is flat, lines would smear into patches; they fade out there instead.
    mask = np.clip(thick - away + np.float32(0.5), 0, 1) * smoothstep(slope, 0.003, 0.012)
    major = np.round(place).astype(np.int16) % 5 == 0
    ink = mix(palette.accent, palette.light, 0.25) if palette.is_dark else palette.figure.at(0.16)
    canvas.cover(mask * np.where(major, np.float32(0.95), np.float32(0.6)), ink)
