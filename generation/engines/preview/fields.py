"""Noise: smooth random fields and lines, cheap because they are made small and enlarged."""

import numpy as np

from generation.engines.preview.canvas import Canvas, resized
from generation.engines.preview.palette import FloatArray

Dice = np.random.Generator


def clouds(canvas: Canvas, dice: Dice, cells: float, octaves: int = 4) -> FloatArray:
    """A coarse field from 0 to 1 with about `cells` hills along the shorter side."""
    width, height = canvas.coarse_size
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        density = cells * 2**octave
        across = max(int(density * canvas.right * 2) + 2, 3)
        down = max(int(density * canvas.bottom * 2) + 2, 3)
        lattice = dice.standard_normal((down, across), np.float32)
        total += resized(lattice, width, height) * np.float32(0.5**octave)
    return levelled(total)


def levelled(field: FloatArray) -> FloatArray:
    """`field` stretched to 0 to 1."""
    low, high = float(field.min()), float(field.max())
    return (field - np.float32(low)) / np.float32(max(high - low, 1e-6))


def folded(canvas: Canvas, dice: Dice, scale: float, strength: float) -> FloatArray:
    """A coarse field from 0 to 1 of flowing folds: sines that bend the ground of other sines."""
    angle = dice.uniform(0, np.pi)
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    x, y = canvas.coarse_x * np.float32(scale), canvas.coarse_y * np.float32(scale)
    u, v = x * cosine + y * sine, y * cosine - x * sine
    for turn in range(1, 6):
        pace = np.float32(0.9 + 0.55 * turn)
        bend = np.float32(strength / turn)
        first, second = (np.float32(value) for value in dice.uniform(0, 2 * np.pi, 2))
        u, v = u + bend * np.sin(pace * v + first), v + bend * np.cos(pace * u + second)
    return np.float32(0.5) + np.float32(0.5) * np.sin(u * np.float32(1.1) + v * np.float32(0.45))


def relief(field: FloatArray, angle: float, steepness: float) -> FloatArray:
    """How `field`, seen as a landscape, catches light from `angle`: -1 to 1, 0 where level."""
    down, across = np.gradient(field)
    slope = (across * np.float32(np.cos(angle)) + down * np.float32(np.sin(angle))) * np.float32(
        steepness * field.shape[0]
    )
    return np.asarray(slope / np.sqrt(1 + slope**2), np.float32)


def ridge_line(canvas: Canvas, dice: Dice, cells: float, octaves: int, rough: float) -> FloatArray:
    """One height from 0 to 1 per column; `rough` is what each finer octave keeps."""
    total = np.zeros(canvas.width, np.float32)
    for octave in range(octaves):
        count = max(int(cells * 2**octave * canvas.right * 2) + 3, 4)
        knots = dice.standard_normal((1, count), np.float32)
        total += resized(knots, canvas.width, 1)[0] * np.float32(rough**octave)
    return levelled(total)


def smoothstep(field: FloatArray, low: float, high: float) -> FloatArray:
    """0 below `low`, 1 above `high`, and a soft way between."""
    part = np.clip((field - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)
