"""Silk: folds of cloth or light that flow across the sheet."""

import numpy as np

from generation.engines.preview.canvas import Canvas
from generation.engines.preview.fields import Dice, clouds, folded, relief, smoothstep
from generation.engines.preview.palette import Palette


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    scale, strength = dice.uniform(2.6, 3.8), dice.uniform(0.8, 1.1)
    broad = folded(canvas, dice, scale, strength)
    fine = folded(canvas, dice, scale * 1.7, strength * 1.15)
    folds = np.float32(0.68) * broad + np.float32(0.32) * fine * (np.float32(0.35) + broad)
    slow = clouds(canvas, dice, 1.2, 2)
    light = relief(folds, dice.uniform(3.4, 4.4), 0.42)
    low = 0.12 if palette.is_dark else 0.3
    tone = np.float32(0.72) * folds + np.float32(0.28) * slow
    canvas.paint_field(tone, palette.figure.ramp(low, 0.92))
    # Part of the cloth takes its colour from what lies around it.
    around = smoothstep(slow, 0.35, 0.95)
    canvas.cover(canvas.enlarge(around), palette.ground.at(0.35 if palette.is_dark else 0.75), 0.5)
    glint = smoothstep(folds * slow, 0.42, 0.8)
    canvas.cover(canvas.enlarge(glint), palette.accent, 0.42)
    canvas.lighten(light, 0.16)
    canvas.lighten(np.clip(light, 0, 1) ** 5, 0.2)
    if "motion" in extras:
        canvas.soften(0.1, 0.004)
