"""Haze: colours that melt together - as folded sheets, as soft crescents, behind glass, or bare."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Patch, resized
from generation.engines.preview.fields import Dice, smoothstep
from generation.engines.preview.palette import FloatArray, Lab, Palette, mix


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    del extras
    manner = int(dice.integers(7))
    melt(canvas, palette, dice)
    if manner in {1, 2}:
        _crescents(canvas, palette, dice)
    elif manner in {3, 4, 5}:
        _sheets(canvas, palette, dice)
    elif manner == 6:
        _glass(canvas, dice)


def _colours(palette: Palette) -> list[Lab]:
    figure, ground = palette.figure, palette.ground
    if palette.is_dark:
        return [figure.at(0.45), ground.at(0.2), figure.at(0.72), ground.at(0.5), palette.accent]
    accent = mix(palette.accent, palette.light, 0.3)
    return [figure.at(0.56), ground.at(0.95), figure.at(0.8), ground.at(0.64), accent]


def melt(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """A weighted mean of a few colours, each strongest around its own place."""
    colours = _colours(palette)
    bend = dice.uniform(0, 6.28, 4).astype(np.float32)
    x = canvas.coarse_x + np.float32(0.13) * np.sin(canvas.coarse_y * 4 + bend[0])
    y = canvas.coarse_y + np.float32(0.13) * np.sin(canvas.coarse_x * 3.4 + bend[1])
    total = np.full(x.shape, 1e-4, np.float32)
    planes = np.zeros((3, *x.shape), np.float32)
    places = [(-0.5, -0.4), (0.45, -0.45), (0.5, 0.35), (-0.4, 0.5), (0.05, 0.02)]
    dice.shuffle(places)
    for index, colour in enumerate([*colours[:4], colours[0], colours[4]]):
        px, py = places[index % len(places)]
        px = px * 2 * canvas.right * 0.9 + dice.uniform(-0.16, 0.16)
        py = py * 2 * canvas.bottom * 0.9 + dice.uniform(-0.16, 0.16)
        reach = dice.uniform(0.3, 0.52) * (0.62 if index == 5 else 1.0)
        square = (x - np.float32(px)) ** 2 + (y - np.float32(py)) ** 2
        weight = np.exp(square * np.float32(-1 / reach**2)) + np.float32(0.004) / (square + 0.05)
        weight *= np.float32(0.8 if index == 5 else 1.0)
        total += weight
        planes += weight * np.array(colour, np.float32)[:, None, None]
    planes /= total
    for target, plane in zip(canvas.lab, planes, strict=True):
        target[:] = resized(plane, canvas.width, canvas.height)


def _sheets(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """Curved sheets lying over one another, each lit along its edge and clear further down."""
    x = canvas.x[0]
    pace, start, count = dice.uniform(1.7, 2.8), dice.uniform(0, 6.28), 5
    tilt = dice.uniform(-0.3, 0.3)
    for sheet in range(count):
        part = sheet / (count - 1)
        base = canvas.bottom * (-0.62 + 1.3 * part)
        swing = 0.17 - 0.05 * part
        wave = np.sin(x * np.float32(pace) + np.float32(start + sheet * 0.85))
        wave += np.float32(0.3) * np.sin(x * np.float32(pace * 1.9) - np.float32(start - sheet))
        line = (base + swing * wave + tilt * x).astype(np.float32)
        above = np.exp(np.minimum(canvas.y - line[None, :], 0) * np.float32(11))
        patch = canvas.below(line)
        canvas.lab[0] -= above * np.float32(0.05)
        depth = np.clip(canvas.y[patch.rows] - line[None, :], 0, None)
        canvas.lab[0][patch.rows] += patch.mask * np.float32(0.05)
        body = palette.figure.at(0.5 + 0.1 * (sheet % 3)) if sheet % 2 else palette.ground.at(0.8)
        veil = patch.mask * (np.float32(0.25) + np.float32(0.5) * np.exp(depth * np.float32(-2.6)))
        canvas.dab(Patch(patch.rows, patch.columns, veil), body, 0.6)
        lit = patch.mask * np.exp(depth * np.float32(-26))
        canvas.dab(Patch(patch.rows, patch.columns, lit), palette.light, 0.55)


def _crescents(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """Discs with one crisp edge, lit there, that dissolve towards the other side."""
    middle_x, middle_y = dice.uniform(-0.2, 0.2), dice.uniform(-0.1, 0.15)
    heading = dice.uniform(0, 2 * np.pi)
    for ring in range(4):
        radius = 0.62 - ring * 0.13
        x = middle_x + np.cos(heading) * 0.05 * ring
        y = middle_y + np.sin(heading) * 0.05 * ring
        disc = canvas.disc(x, y, radius)
        _, _, across, down = canvas.frame(x, y, radius)
        along = across * np.float32(np.cos(heading)) + down * np.float32(np.sin(heading))
        fade: FloatArray = disc.mask * smoothstep(along, -0.75, 1.0)
        lit = mix(palette.figure.at(0.6 + 0.1 * ring), palette.light, 0.35)
        canvas.dab(Patch(disc.rows, disc.columns, fade), lit, 0.72)
        heading += dice.uniform(0.3, 0.75)


def _glass(canvas: Canvas, dice: Dice) -> None:
    """Fluted glass: every flute shows a squeezed piece of what is behind it."""
    flutes = int(dice.integers(9, 16))
    place = canvas.x[0] * np.float32(flutes)
    inside = place - np.floor(place) - np.float32(0.5)
    bent = canvas.x[0] + inside * np.float32(2.6 / flutes)
    columns = (bent + np.float32(canvas.right)) * np.float32(canvas.unit)
    canvas.lab[:] = canvas.lab[:, :, np.clip(columns, 0, canvas.width - 1).astype(np.int32)]
    canvas.lab[0] += np.float32(0.05) * (inside * 2) ** 3 - np.float32(0.012)
