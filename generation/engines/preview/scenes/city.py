"""City: towers in lit fog at night, their windows, and a wet street that doubles them."""

import numpy as np

from generation.engines.preview.canvas import Canvas, Spot, softened
from generation.engines.preview.fields import Dice
from generation.engines.preview.palette import Palette, mix
from generation.engines.preview.solids import bokeh, mist, moon

Shapes = list[tuple[list[tuple[float, float]], float]]


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    street = canvas.bottom * 0.42
    canvas.paint_down(palette.ground, 0.04, 0.75)
    glow_x = dice.uniform(-0.25, 0.25) * 2 * canvas.right
    canvas.glow(glow_x, street * 0.7, 0.75, palette.figure.at(0.66), 0.85)
    canvas.glow(-glow_x, street * 0.5, 0.5, palette.accent, 0.38)
    if "moon" in extras:
        moon(canvas, Spot(-glow_x, -canvas.bottom * 0.62, 0.05), palette.light)
    for layer in range(4):
        _towers(canvas, palette, dice, street, layer / 3)
    _signs(canvas, palette, dice, street)
    _street(canvas, palette, street)
    lights = [palette.accent, palette.figure.at(0.75), palette.light]
    bokeh(canvas, dice, lights, 22, size=(0.015, 0.07), band=(0.68, 1.0), opacity=0.36)


def _towers(canvas: Canvas, palette: Palette, dice: Dice, street: float, near: float) -> None:
    walls: Shapes = []
    lit: Shapes = []
    x = -canvas.right - 0.05
    while x < canvas.right:
        width = dice.uniform(0.06, 0.13) * (0.8 + 0.7 * near)
        height = dice.uniform(0.25, 0.95) * canvas.bottom * 1.35 * (1 - 0.25 * near)
        top = street - height
        walls.append((_box(x, top, x + width, street + 0.02), 1.0))
        if dice.random() < 0.35:
            middle = x + width / 2
            walls.append((_box(middle - 0.002, top - 0.07, middle + 0.002, top), 1.0))
        if near > 0.25:
            lit += _windows(dice, (x, top, width), street, near)
        x += width * dice.uniform(0.95, 1.25)
    haze = mix(palette.ground.at(0.5), palette.figure.at(0.5), 0.4)
    body = mix(haze, palette.ground.at(0.05), 0.3 + 0.7 * near)
    canvas.cover(canvas.polygons(walls), body, 0.72 + 0.24 * near)
    if lit:
        canvas.cover(canvas.polygons(lit), mix(palette.light, palette.accent, 0.15), 0.75)
    if near < 1:
        air = mix(palette.figure.at(0.66), palette.ground.at(0.5), 0.25)
        mist(canvas, street, 0.34, air, 0.46)


def _windows(dice: Dice, wall: tuple[float, float, float], street: float, near: float) -> Shapes:
    x, top, width = wall
    pane, gap = 0.0042 + 0.0024 * near, 0.0105 + 0.004 * near
    columns = np.arange(x + gap * 0.6, x + width - pane, gap)
    rows = np.arange(top + gap, street - 0.03, gap * 1.3)
    on = dice.random((len(rows), len(columns))) < dice.uniform(0.08, 0.4)
    return [
        (
            _box(columns[c], rows[r], columns[c] + pane, rows[r] + pane * 1.5),
            0.35 + 0.65 * (r % 3) / 2,
        )
        for r, c in zip(*np.nonzero(on), strict=True)
    ]


def _signs(canvas: Canvas, palette: Palette, dice: Dice, street: float) -> None:
    """Tubes of light on the towers, with the air glowing around them."""
    colours = [palette.accent, palette.figure.at(0.72), palette.figure.at(0.9)]
    for index in range(13):
        x = dice.uniform(-0.95, 0.95) * canvas.right
        y = street - dice.uniform(0.08, 0.5)
        length = dice.uniform(0.06, 0.2)
        upright = dice.random() < 0.7
        box = _box(x, y, x + 0.006, y + length) if upright else _box(x, y, x + length, y + 0.006)
        colour = colours[index % 3]
        mask = canvas.polygons([(box, 1.0)])
        halo = softened(mask, 0.065 * canvas.unit, 0.065 * canvas.unit)
        canvas.cover(np.clip(halo * 4, 0, 1), colour, 0.8)
        canvas.cover(mask, mix(colour, palette.light, 0.6))


def _street(canvas: Canvas, palette: Palette, street: float) -> None:
    first = int((street + canvas.bottom) * canvas.unit)
    depth = canvas.height - first
    for plane, dark in zip(canvas.lab, palette.ground.at(0.06), strict=True):
        image = plane[first - depth : first][::-1]
        image = softened(image, 0.006 * canvas.unit, 0.09 * canvas.unit)
        plane[first:] = image + (np.float32(dark) - image) * np.float32(0.24)
    mist(canvas, street, 0.012, palette.figure.at(0.8), 0.35)


def _box(left: float, top: float, right: float, bottom: float) -> list[tuple[float, float]]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]
