"""Cosmos: clouds of light between stars, and a world with a lit rim."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, Spot
from generation.engines.preview.fields import Dice, clouds, folded, smoothstep
from generation.engines.preview.palette import SWATCHES, Palette, mix
from generation.engines.preview.solids import ball


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    del extras
    night = palette.ground if palette.is_dark else SWATCHES["night"]
    canvas.paint_down(night, 0.02, 0.3)
    _nebula(canvas, palette, dice)
    stars(canvas, palette, dice)
    _world(canvas, palette, dice)


def _nebula(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    flow = folded(canvas, dice, 0.9, 0.9)
    dust = clouds(canvas, dice, 2.2, 5)
    slope = dice.uniform(-0.9, 0.9)
    along = canvas.coarse_y - canvas.coarse_x * np.float32(slope)
    belt = np.exp(-((along / np.float32(0.34)) ** 2))
    first = smoothstep(flow * np.float32(0.45) + dust * np.float32(0.55), 0.3, 0.85) * belt
    second = smoothstep(dust, 0.5, 0.95) * belt
    canvas.cover(canvas.enlarge(first), palette.figure.at(0.5), 0.9)
    canvas.cover(canvas.enlarge(second), palette.figure.at(0.8), 0.75)
    heart = smoothstep(first * second, 0.2, 0.8)
    canvas.cover(canvas.enlarge(heart), mix(palette.light, palette.accent, 0.45), 0.7)
    dark = smoothstep(clouds(canvas, dice, 3.4, 4), 0.55, 0.9) * belt
    canvas.lighten(dark, -0.16)


def stars(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """Many faint points, some bright ones with a halo."""
    count = int(2200 * canvas.right * canvas.bottom * 4)
    rows = dice.integers(0, canvas.height, count)
    columns = dice.integers(0, canvas.width, count)
    canvas.lab[0][rows, columns] += (dice.random(count, np.float32) ** 3) * np.float32(0.6)
    for _ in range(int(60 * canvas.right * canvas.bottom * 4)):
        x = dice.uniform(-canvas.right, canvas.right)
        y = dice.uniform(-canvas.bottom, canvas.bottom)
        size = 0.0008 + 0.0026 * dice.random() ** 5
        halo = canvas.disc(x, y, size * 3, feather=size * 5.4)
        canvas.dab(halo, mix(palette.light, palette.figure.at(0.8), 0.5), 0.3)
        canvas.dab(canvas.disc(x, y, size), palette.light)


def _world(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    radius = dice.uniform(0.15, 0.26)
    x = dice.choice([-1.0, 1.0]) * canvas.right * dice.uniform(0.12, 0.4)
    y = canvas.bottom * dice.uniform(-0.35, 0.4)
    air = mix(palette.figure.at(0.8), palette.accent, 0.3)
    canvas.glow(x - radius * 0.2, y - radius * 0.3, radius * 1.5, air, 0.35)
    tilt = dice.uniform(-0.5, -0.2)
    ringed = dice.random() < 0.55
    if ringed:
        _ring(canvas, palette, Spot(x, y, radius), tilt, behind=True)
    ball(canvas, x, y, radius, palette.figure.ramp(0.02, 0.95), rim=0.0, turn=tilt, shade=0.2)
    disc = canvas.disc(x, y, radius)
    _, _, across, down = canvas.frame(x, y, radius, 1.0, tilt)
    bands = np.sin(down * np.float32(9) + np.sin(across * 2 + down * 5) * np.float32(0.5))
    canvas.lab[0][disc.rows, disc.columns] += disc.mask * bands * np.float32(0.025)
    if ringed:
        _ring(canvas, palette, Spot(x, y, radius), tilt, behind=False)


def _ring(canvas: Canvas, palette: Palette, spot: Spot, tilt: float, *, behind: bool) -> None:
    """Half of a flat ring of dust: the half behind the world or the one in front."""
    rows, columns, across, down = canvas.frame(spot.x, spot.y, spot.radius * 2.1, 1.0, tilt)
    distance = np.hypot(across, down / np.float32(0.26))
    width = (distance - np.float32(0.78)) / np.float32(0.17)
    grooves = np.float32(0.75) + np.float32(0.25) * np.cos(width * np.float32(16))
    mask = smoothstep(1 - np.abs(width), 0.0, 0.25) * grooves
    half = (down < 0) if behind else (down >= 0)
    canvas.dab(Patch(rows, columns, mask * half), palette.figure.at(0.88), 0.75)
