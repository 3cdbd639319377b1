"""Bloom: flowers seen close, petal over petal, among others out of focus."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, Spot
from generation.engines.preview.fields import Dice
from generation.engines.preview.palette import RAMP_STEPS, FloatArray, Palette, Swatch, mix
from generation.engines.preview.scenes import haze
from generation.engines.preview.solids import bokeh, shade_of


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    haze.melt(canvas, palette, dice)
    bokeh(
        canvas, dice, [palette.figure.at(0.7), palette.light, palette.ground.at(0.85)], 16,
        size=(0.04, 0.16), band=(0, 1), opacity=0.32,
    )  # fmt: skip
    side = float(dice.choice([-1.0, 1.0]))
    places = [
        (0.42 * side, -0.62, 0.15), (-0.72 * side, 0.66, 0.19), (0.7 * side, 0.5, 0.23),
        (-0.12 * side, -0.02, 0.36),
    ]  # fmt: skip
    for index, (px, py, radius) in enumerate(places):
        x = px * canvas.right + dice.uniform(-0.05, 0.05)
        y = py * canvas.bottom + dice.uniform(-0.05, 0.05)
        swatch = palette.figure if index % 2 else palette.figure.tuned(lightness=0.06, turn=0.18)
        flower(canvas, dice, Spot(x, y, radius), swatch, palette)
    del extras


def flower(canvas: Canvas, dice: Dice, spot: Spot, swatch: Swatch, palette: Palette) -> None:
    """Rings of petals from the outside in; each ring is smaller, turned and lighter."""
    x, y, radius = spot
    petals, rings = int(dice.integers(6, 10)), 5
    turn = dice.uniform(0, 6.28)
    for ring in range(rings):
        part = ring / rings
        inner = Spot(x, y, radius * (1 - 0.8 * part))
        _ring(canvas, inner, petals, turn, swatch.ramp(0.2 + 0.1 * part, 0.98))
        turn += np.pi / petals * dice.uniform(0.8, 1.2)
    heart = shade_of(mix(palette.accent, palette.light, 0.2)).ramp(0.3, 0.95)
    for seed in range(26):
        angle, reach = seed * 2.39996, radius * 0.13 * np.sqrt(seed / 26)
        dot = canvas.disc(x + reach * np.cos(angle), y + reach * np.sin(angle), radius * 0.022)
        canvas.dab(dot, heart[:, [350 + seed * 22]][:, :, None])


def _ring(canvas: Canvas, spot: Spot, petals: int, turn: float, ramp: FloatArray) -> None:
    rows, columns, across, down = canvas.frame(*spot)
    distance = np.hypot(across, down)
    angle = np.arctan2(down, across) * np.float32(petals / 2) + np.float32(turn)
    lobe = np.abs(np.cos(angle))
    rim = np.float32(0.52) + np.float32(0.48) * lobe ** np.float32(0.55)
    place = distance / rim
    mask = np.clip(
        (1 - place) * rim * np.float32(spot.radius * canvas.unit) + np.float32(0.5), 0, 1
    )
    # A shadow under the ring first, then the petals, darker in the throat and at the seams.
    shade = np.clip(np.float32(1.22) - place, 0, 1) ** 2
    canvas.lab[0][rows, columns] -= np.clip(shade, 0, 1) * np.float32(0.1)
    vein = np.float32(0.02) * np.cos(angle * np.float32(14)) * place
    tone = np.float32(0.24) + np.float32(0.5) * place**1.3 + np.float32(0.2) * lobe + vein
    tone -= np.float32(0.1) * (across * np.float32(0.5) + down * np.float32(0.8))
    index = (np.clip(tone, 0, 1) * (RAMP_STEPS - 1)).astype(np.int16)
    canvas.dab(Patch(rows, columns, mask), ramp[:, index])
