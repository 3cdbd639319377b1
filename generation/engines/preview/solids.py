"""Bodies with volume: lit balls, soft shadows, suns and ribbons, shared by several scenes."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, Spot
from generation.engines.preview.fields import Dice, smoothstep
from generation.engines.preview.palette import RAMP_STEPS, FloatArray, Lab, Swatch, mix

LIGHT = (-0.45, -0.65, 0.61)
"""Where the light comes from, for every body: the upper left, a little in front."""


def ball(
    canvas: Canvas,
    x: float,
    y: float,
    radius: float,
    ramp: FloatArray,
    *,
    tall: float = 1.0,
    turn: float = 0.0,
    gloss: float = 0.0,
    rim: float = 0.12,
    shade: float = 0.42,
) -> None:
    """A lit ellipsoid coloured from shadow to light by `ramp`.

    `shade` is the tone where the light just grazes it.
    """
    patch = canvas.disc(x, y, radius, tall=tall, turn=turn)
    _, _, across, down = canvas.frame(x, y, radius, tall, turn)
    height = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
    cosine, sine = float(np.cos(turn)), float(np.sin(turn))
    side = np.float32(LIGHT[0] * cosine + LIGHT[1] * sine)
    above = np.float32(LIGHT[1] * cosine - LIGHT[0] * sine)
    facing = across * side + down * above + height * np.float32(LIGHT[2])
    tone = np.float32(shade) + np.float32(0.92 - shade) * facing
    # Light that comes back from the ground keeps the shadow side alive.
    tone += np.float32(rim) * (1 - height) ** 2 * np.clip(down, 0, 1)
    index = (np.clip(tone, 0, 1) * (RAMP_STEPS - 1)).astype(np.int16)
    colours = ramp[:, index]
    if gloss:
        colours[0] += np.float32(gloss) * np.clip(facing, 0, 1) ** 24
    canvas.dab(patch, colours)


def shadow(canvas: Canvas, spot: Spot, tall: float, depth: float) -> None:
    """A soft shadow on the ground under a body."""
    dx = (canvas.coarse_x - np.float32(spot.x)) / np.float32(spot.radius)
    dy = (canvas.coarse_y - np.float32(spot.y)) / np.float32(spot.radius * tall)
    canvas.lighten(np.exp(-(dx**2 + dy**2) * np.float32(1.6)), -depth)


def sun(canvas: Canvas, spot: Spot, colour: Lab, glow: float) -> None:
    """A disc of light and the air around it."""
    canvas.glow(spot.x, spot.y, spot.radius * 5.5, colour, glow * 0.45)
    canvas.glow(spot.x, spot.y, spot.radius * 2.2, colour, glow * 0.6)
    canvas.dab(canvas.disc(*spot, feather=0.004), colour, 0.96)


def moon(canvas: Canvas, spot: Spot, colour: Lab) -> None:
    """A full moon with a faint relief."""
    sun(canvas, spot, colour, 0.35)
    x, y, radius = spot
    for dx, dy, size in ((-0.25, -0.1, 0.42), (0.2, 0.28, 0.34), (0.3, -0.32, 0.2)):
        patch = canvas.disc(x + dx * radius, y + dy * radius, size * radius, feather=0.5 * radius)
        canvas.lab[0][patch.rows, patch.columns] -= patch.mask * np.float32(0.035)


def ribbon(
    canvas: Canvas,
    dice: Dice,
    swatch: Swatch,
    *,
    height: float,
    swing: float,
    width: float,
    ends: tuple[float, float] | None = None,
) -> None:
    """A band of cloth that crosses the sheet, turning as it goes: thin where it shows its edge.

    With `ends` it hangs fast at the first x and flutters towards the second, where it is cut.
    """
    x = canvas.x[0]
    pace, start, twist = dice.uniform(1.6, 2.6), dice.uniform(0, 6.28), dice.uniform(2.2, 3.4)
    free = np.ones_like(x)
    if ends is not None:
        pace, twist = pace * 3.2, twist * 2.2
        free = np.clip((x - np.float32(ends[0])) / np.float32(ends[1] - ends[0]), 0, 1.2)
    middle = np.float32(height) + np.float32(swing) * free * (
        np.sin(x * np.float32(pace) + np.float32(start))
        + np.float32(0.35) * np.sin(x * np.float32(pace * 2.3) + np.float32(start * 2))
    )
    turning = np.sin(x * np.float32(twist) + np.float32(start * 1.7))
    half = np.float32(width / 2) * (np.float32(0.3) + np.float32(0.7) * np.abs(turning))
    if ends is not None:
        half = half * np.float32(0.55) + np.float32(width / 2) * np.float32(0.45) * (free + 0.4)
        half = half * ((free > 0) & (free < 1)) + np.float32(1e-5)
    _cloth(canvas, middle, half, turning, swatch.ramp(0.14, 0.88))


def _cloth(
    canvas: Canvas, middle: FloatArray, half: FloatArray, turning: FloatArray, ramp: FloatArray
) -> None:
    top = max(int((float((middle - half).min()) + canvas.bottom) * canvas.unit) - 3, 0)
    end = int((float((middle + half).max()) + canvas.bottom) * canvas.unit) + 3
    rows = slice(min(top, canvas.height), min(max(end, 0), canvas.height))
    if rows.start >= rows.stop:
        return
    place = (canvas.y[rows] - middle[None, :]) / half[None, :]
    edge = (1 - np.abs(place)) * half[None, :] * np.float32(canvas.unit) + np.float32(0.5)
    tone = np.float32(0.5) + np.float32(0.33) * turning[None, :] * place
    tone += np.float32(0.17) * np.cos(place * np.float32(2.4) - turning[None, :] * 2)
    index = (np.clip(tone, 0, 1) * (RAMP_STEPS - 1)).astype(np.int16)
    patch = Patch(rows, slice(0, canvas.width), np.clip(edge, 0, 1))
    canvas.dab(patch, ramp[:, index])


def mist(canvas: Canvas, level: float, depth: float, colour: Lab, opacity: float) -> None:
    """Haze that lies around one height and thins out above and below."""
    veil = np.exp(-(((canvas.y - np.float32(level)) / np.float32(depth)) ** 2))
    canvas.cover(np.broadcast_to(veil, (canvas.height, canvas.width)), colour, opacity)


def bokeh(
    canvas: Canvas,
    dice: Dice,
    colours: list[Lab],
    count: int,
    *,
    size: tuple[float, float],
    band: tuple[float, float],
    opacity: float = 0.3,
) -> None:
    """Lights out of focus: discs a little brighter at the rim."""
    for index in range(count):
        x = dice.uniform(-canvas.right, canvas.right)
        y = dice.uniform(*band) * 2 * canvas.bottom - canvas.bottom
        radius = dice.uniform(*size)
        patch = canvas.disc(x, y, radius, feather=radius * 0.2)
        _, _, across, down = canvas.frame(x, y, radius)
        rim = smoothstep(np.sqrt(across**2 + down**2), 0.3, 1.0)
        mask = patch.mask * (np.float32(0.72) + np.float32(0.28) * rim)
        strength = opacity * float(dice.uniform(0.35, 1))
        canvas.dab(Patch(patch.rows, patch.columns, mask), colours[index % len(colours)], strength)


def shade_of(colour: Lab) -> Swatch:
    """A swatch from one colour: its own shadows and lights."""
    dark: Lab = (0.2, colour[1] * 0.45, colour[2] * 0.45)
    pale: Lab = (0.97, colour[1] * 0.12, colour[2] * 0.12)
    steps = (mix(dark, colour, 0.15), mix(dark, colour, 0.65), colour, mix(colour, pale, 0.4), pale)
    return Swatch(steps, colour)
