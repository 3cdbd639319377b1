"""Stage: a still life without a subject - wall, floor, arch and a few quiet solids."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, Spot
from generation.engines.preview.fields import Dice, clouds, smoothstep
from generation.engines.preview.palette import RAMP_STEPS, Palette, mix
from generation.engines.preview.solids import ball, shade_of, shadow


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    del extras
    floor = canvas.bottom * 0.36 + dice.uniform(-0.05, 0.05)
    side = float(dice.choice([-1.0, 1.0]))
    _room(canvas, palette, floor)
    _niche(canvas, palette, dice, floor, side)
    _leaves(canvas, dice)
    _plinth(canvas, palette, Spot(-0.02 * side, floor + 0.2, 0.3), 0.14)
    _solids(canvas, palette, dice, floor, side)


def _room(canvas: Canvas, palette: Palette, floor: float) -> None:
    high, low = (0.36, 0.16) if palette.is_dark else (0.93, 0.72)
    canvas.paint_down(palette.ground, high, low)
    canvas.glow(-canvas.right * 0.7, -canvas.bottom * 0.8, 0.9, palette.light, 0.35)
    line = np.full(canvas.width, floor, np.float32)
    patch = canvas.below(line)
    # The floor curves into the wall, as in a photographer's studio.
    curve = smoothstep(np.broadcast_to(canvas.y[patch.rows], patch.mask.shape), floor, floor + 0.16)
    canvas.dab(
        Patch(patch.rows, patch.columns, curve), palette.ground.at(0.3 if palette.is_dark else 0.9)
    )


def _niche(canvas: Canvas, palette: Palette, dice: Dice, floor: float, side: float) -> None:
    """A round window or an arch in the wall, lit from one side."""
    x, width = 0.08 * side, dice.uniform(0.27, 0.33)
    top = floor - dice.uniform(0.42, 0.55)
    colour = palette.figure.at(0.4 if palette.is_dark else 0.62)
    if dice.random() < 0.5:
        patch = canvas.disc(x, top + 0.06, width)
    else:
        distance = np.hypot(canvas.x - x, np.minimum(canvas.y - top, 0))
        edge = (np.float32(width) - distance) * np.float32(canvas.unit) + np.float32(0.5)
        arch = np.clip(edge, 0, 1) * (canvas.y < floor + 0.04)
        patch = Patch(slice(0, canvas.height), slice(0, canvas.width), arch.astype(np.float32))
    canvas.dab(patch, colour)
    depth = smoothstep(
        (canvas.x[:, patch.columns] - np.float32(x)) * np.float32(1 / width)
        + (canvas.y[patch.rows] - np.float32(top)) * np.float32(0.8 / width),
        -1.2,
        1.4,
    )
    canvas.dab(Patch(patch.rows, patch.columns, patch.mask * depth), palette.figure.at(0.86), 0.6)
    inner = smoothstep(
        np.hypot(canvas.x[:, patch.columns] - x + 0.03, canvas.y[patch.rows] - top), width, 0.0
    )
    canvas.lab[0][patch.rows, patch.columns] -= patch.mask * (1 - inner) * np.float32(0.03)


def _leaves(canvas: Canvas, dice: Dice) -> None:
    """Sunlight through leaves, out of focus, on the wall."""
    stretch = clouds(canvas, dice, 3.2, 2)
    slope = canvas.coarse_x + canvas.coarse_y * np.float32(0.6)
    light = smoothstep(stretch, 0.42, 0.68) * smoothstep(-slope, -0.25, 0.5)
    canvas.lighten(light, 0.05)


def _plinth(canvas: Canvas, palette: Palette, spot: Spot, height: float) -> None:
    """A low cylinder to put something on."""
    x, y, radius = spot
    flat = 0.26
    shadow(canvas, Spot(x + radius * 0.5, y + radius * flat * 0.9, radius * 1.35), 0.32, 0.13)
    side = palette.ground.ramp(0.25, 0.8) if palette.is_dark else palette.figure.ramp(0.55, 0.96)
    foot = canvas.disc(x, y, radius, tall=flat)
    top = canvas.disc(x, y - height, radius, tall=flat)
    across = (canvas.x[0] - np.float32(x)) / np.float32(radius)
    wall = (np.abs(across) < 1) & (canvas.y < y) & (canvas.y > y - height)
    mask = wall.astype(np.float32)
    mask[foot.rows, foot.columns] = np.maximum(mask[foot.rows, foot.columns], foot.mask)
    tone = np.clip(0.62 - 0.42 * across - 0.25 * across**2, 0, 1)
    index = (tone * (RAMP_STEPS - 1)).astype(np.int16)
    colours = np.broadcast_to(side[:, index][:, None, :], canvas.lab.shape)
    canvas.dab(Patch(slice(0, canvas.height), slice(0, canvas.width), mask), colours)
    canvas.dab(top, palette.figure.at(0.97) if not palette.is_dark else palette.ground.at(0.75))


def _solids(canvas: Canvas, palette: Palette, dice: Dice, floor: float, side: float) -> None:
    main, small = dice.uniform(0.12, 0.16), dice.uniform(0.055, 0.085)
    top = floor + 0.06
    shadow(canvas, Spot(0.05, top + 0.012, main * 0.9), 0.3, 0.16)
    ball(canvas, -0.02 * side, top - main * 0.92, main, palette.figure.ramp(0.22, 1.0), gloss=0.1)
    x = side * dice.uniform(0.4, 0.46)
    shadow(canvas, Spot(x + small * 0.7, floor + 0.27, small * 1.5), 0.35, 0.16)
    bright = shade_of(mix(palette.accent, palette.light, 0.1)).ramp(0.2, 0.95)
    ball(canvas, x, floor + 0.27 - small, small, bright, gloss=0.12)
    if dice.random() < 0.6:
        tiny = small * 0.55
        shadow(canvas, Spot(-x * 0.9 + tiny, floor + 0.3, tiny * 1.6), 0.35, 0.14)
        ball(canvas, -x * 0.9, floor + 0.3 - tiny, tiny, palette.figure.ramp(0.1, 0.8), gloss=0.1)
