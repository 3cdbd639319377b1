"""Paper: sheets with cut-out shapes, stacked, each throwing a shadow on the one below."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Spot, softened
from generation.engines.preview.fields import Dice, clouds, levelled
from generation.engines.preview.palette import FloatArray, Palette, mix
from generation.engines.preview.solids import sun


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    hollow_x = float(dice.uniform(-0.14, 0.14))
    hollow_y = float(dice.uniform(-0.12, 0.08))
    land = canvas.enlarge(_land(canvas, dice, hollow_x, hollow_y))
    sheets = 7
    deep, shallow = (0.95, 0.06) if palette.is_dark else (0.98, 0.22)
    canvas.fill(palette.figure.at(deep))
    disc = mix(palette.accent, palette.light, 0.15 if "moon" not in extras else 0.8)
    sun(canvas, Spot(hollow_x, hollow_y, 0.1), disc, 0.6)
    for sheet in range(sheets):
        part = sheet / (sheets - 1)
        level = 0.2 + 0.5 * part**0.85
        edge = (land - np.float32(level)) * np.float32(canvas.unit * 0.42) + np.float32(0.5)
        mask = np.clip(edge, 0, 1)
        drop = round(0.012 * canvas.unit)
        shade = np.zeros_like(mask)
        shade[drop:, drop // 2 :] = mask[: canvas.height - drop, : canvas.width - drop // 2]
        canvas.lighten(softened(shade, 0.022 * canvas.unit, 0.022 * canvas.unit), -0.13)
        colour = palette.figure.at(deep + (shallow - deep) * (part * 0.86 + 0.1))
        if sheet >= sheets - 2:
            colour = mix(colour, palette.ground.at(0.22 if palette.is_dark else 0.4), 0.35)
        canvas.cover(mask, colour)


def _land(canvas: Canvas, dice: Dice, hollow_x: float, hollow_y: float) -> FloatArray:
    """A valley around the hollow with winding slopes."""
    wind = clouds(canvas, dice, 1.9, 3)
    dx = (canvas.coarse_x - np.float32(hollow_x)) / np.float32(canvas.right * 1.15)
    dy = (canvas.coarse_y - np.float32(hollow_y)) / np.float32(canvas.bottom * 1.15)
    bowl = np.sqrt(dx**2 + dy**2)
    return levelled(bowl + (wind - np.float32(0.5)) * np.float32(0.75))
