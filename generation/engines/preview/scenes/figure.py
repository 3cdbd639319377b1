"""Figure: a being made of a few soft bodies - enough to know it, no more."""

from dataclasses import dataclass

import numpy as np

from generation.engines.preview.canvas import Canvas, Spot
from generation.engines.preview.fields import Dice
from generation.engines.preview.palette import SWATCHES, FloatArray, Palette, Swatch, mix
from generation.engines.preview.scenes import meadow
from generation.engines.preview.solids import ball, bokeh, ribbon, shade_of, shadow


@dataclass(frozen=True, slots=True)
class Body:
    """One ellipsoid, in units of the figure's size, around the figure's middle."""

    x: float
    y: float
    radius: float
    tall: float = 1.0
    turn: float = 0.0
    tone: str = "light"


_PANDA = (
    Body(-0.30, 0.62, 0.17, 1.25, 0.35, "dark"),
    Body(0.30, 0.62, 0.17, 1.25, -0.35, "dark"),
    Body(-0.40, 0.22, 0.13, 1.9, 0.5, "dark"),
    Body(0.40, 0.22, 0.13, 1.9, -0.5, "dark"),
    Body(0.0, 0.36, 0.36, 1.08),
    Body(-0.31, -0.56, 0.145, 1.0, 0.0, "dark"),
    Body(0.31, -0.56, 0.145, 1.0, 0.0, "dark"),
    Body(0.0, -0.26, 0.42, 0.88),
    Body(-0.165, -0.27, 0.1, 1.25, 0.55, "dark"),
    Body(0.165, -0.27, 0.1, 1.25, -0.55, "dark"),
    Body(-0.15, -0.285, 0.026, 1.0, 0.0, "light"),
    Body(0.15, -0.285, 0.026, 1.0, 0.0, "light"),
    Body(0.0, -0.125, 0.05, 0.72, 0.0, "dark"),
)
_DOG = (
    Body(0.44, 0.55, 0.11, 2.2, -0.95, "deep"),
    Body(-0.22, 0.72, 0.15, 0.75, 0.0, "pale"),
    Body(0.22, 0.72, 0.15, 0.75, 0.0, "pale"),
    Body(0.0, 0.34, 0.39, 1.18),
    Body(0.0, 0.34, 0.23, 1.5, 0.0, "pale"),
    Body(0.0, -0.28, 0.36, 1.0),
    Body(-0.35, -0.2, 0.13, 2.0, 0.22, "deep"),
    Body(0.35, -0.2, 0.13, 2.0, -0.22, "deep"),
    Body(0.0, -0.12, 0.18, 0.82, 0.0, "pale"),
    Body(0.0, -0.205, 0.06, 0.75, 0.0, "ink"),
    Body(-0.135, -0.33, 0.034, 1.1, 0.0, "ink"),
    Body(0.135, -0.33, 0.034, 1.1, 0.0, "ink"),
)
_CAT = (
    Body(0.42, 0.42, 0.08, 3.6, 0.5, "deep"),
    Body(0.0, 0.36, 0.35, 1.25),
    Body(-0.25, -0.52, 0.13, 1.9, -0.5, "deep"),
    Body(0.25, -0.52, 0.13, 1.9, 0.5, "deep"),
    Body(0.0, -0.24, 0.37, 0.86),
    Body(0.0, -0.12, 0.14, 0.7, 0.0, "pale"),
    Body(-0.15, -0.27, 0.04, 1.5, 0.0, "ink"),
    Body(0.15, -0.27, 0.04, 1.5, 0.0, "ink"),
    Body(0.0, -0.16, 0.032, 0.7, 0.0, "ink"),
)
_RABBIT = (
    Body(0.0, 0.37, 0.36, 1.2),
    Body(-0.15, -0.68, 0.11, 2.9, -0.16, "light"),
    Body(0.15, -0.68, 0.11, 2.9, 0.16, "light"),
    Body(-0.15, -0.66, 0.055, 3.8, -0.16, "deep"),
    Body(0.15, -0.66, 0.055, 3.8, 0.16, "deep"),
    Body(0.0, -0.18, 0.36, 0.9),
    Body(-0.14, -0.22, 0.034, 1.2, 0.0, "ink"),
    Body(0.14, -0.22, 0.034, 1.2, 0.0, "ink"),
    Body(0.0, -0.11, 0.032, 0.7, 0.0, "deep"),
)
_BEAR = (
    Body(-0.28, 0.68, 0.17, 1.1, 0.3, "deep"),
    Body(0.28, 0.68, 0.17, 1.1, -0.3, "deep"),
    Body(0.0, 0.38, 0.38, 1.05),
    Body(-0.3, -0.55, 0.14, 1.0, 0.0, "deep"),
    Body(0.3, -0.55, 0.14, 1.0, 0.0, "deep"),
    Body(0.0, -0.26, 0.4, 0.9),
    Body(0.0, -0.13, 0.17, 0.76, 0.0, "pale"),
    Body(0.0, -0.19, 0.055, 0.75, 0.0, "ink"),
    Body(-0.14, -0.33, 0.034, 1.1, 0.0, "ink"),
    Body(0.14, -0.33, 0.034, 1.1, 0.0, "ink"),
)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a figure is, how large, and by how many radians it leans."""

    x: float
    y: float
    size: float
    lean: float


_FIGURES = {
    "panda": _PANDA, "dog": _DOG, "cat": _CAT, "rabbit": _RABBIT, "bear": _BEAR,
}  # fmt: skip


def paint(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str]) -> None:
    where = dice.spawn(4)
    outside = "grass" in extras
    if outside:
        meadow.backdrop(canvas, palette, where[0], extras)
    else:
        _studio(canvas, palette, where[0])
    if "bamboo" in extras:
        _bamboo(canvas, palette, where[1])
    size = 0.46
    running = "motion" in extras
    lean = float(where[2].uniform(-0.05, 0.05)) + (0.3 if running else 0.0)
    x, y = float(where[2].uniform(-0.08, 0.08)) * canvas.right * 2, canvas.bottom - 0.52
    if not outside:
        shadow(canvas, Spot(x + 0.06, y + 0.84 * size, 0.36), 0.16, 0.15)
    being = next((name for name in _FIGURES if name in extras), "bear")
    tones = _tones(palette, being)
    pose = Pose(x, y, size, lean)
    if running:
        _trail(canvas, _FIGURES[being], tones, pose)
    _stand(canvas, _FIGURES[being], tones, pose)
    if "ribbon" in extras:
        _scarf(canvas, palette, where[3], pose, running=running)
    if outside:
        meadow.blades(canvas, palette, where[1], 0.62)


def _studio(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    high, low = (0.3, 0.12) if palette.is_dark else (0.97, 0.8)
    canvas.paint_down(palette.ground, high, low)
    halo = mix(palette.figure.at(0.75), palette.ground.at(0.8), 0.5)
    canvas.dab(canvas.disc(dice.uniform(-0.1, 0.1), -0.06, 0.43), halo, 0.5)
    bokeh(canvas, dice, [palette.light], 8, size=(0.03, 0.1), band=(0.05, 0.6), opacity=0.3)


def _tones(palette: Palette, being: str) -> dict[str, FloatArray]:
    swatch: Swatch = palette.figure
    ink = SWATCHES["ink"].ramp(0.0, 0.5)
    if being == "panda":
        dark = SWATCHES["panda"].ramp(0.0, 0.55)
        return {"light": SWATCHES["panda"].ramp(0.52, 1.0), "dark": dark, "ink": ink}
    return {
        "light": swatch.ramp(0.28, 0.9),
        "deep": swatch.ramp(0.12, 0.72),
        "pale": swatch.ramp(0.5, 1.0),
        "dark": swatch.ramp(0.0, 0.4),
        "ink": ink,
    }


def _stand(
    canvas: Canvas, bodies: tuple[Body, ...], tones: dict[str, FloatArray], pose: Pose
) -> None:
    x, y, size, lean = pose.x, pose.y, pose.size, pose.lean
    cosine, sine = float(np.cos(lean)), float(np.sin(lean))
    for body in bodies:
        bx, by = body.x * size, body.y * size
        ball(
            canvas,
            x + bx * cosine - by * sine,
            y + by * cosine + bx * sine,
            body.radius * size,
            tones[body.tone],
            tall=body.tall,
            turn=body.turn + lean,
            gloss=0.25 if body.tone == "ink" else 0.0,
            rim=0.2,
        )


def _trail(
    canvas: Canvas, bodies: tuple[Body, ...], tones: dict[str, FloatArray], pose: Pose
) -> None:
    """Where the figure was a moment ago: itself, smeared along its way."""
    before = canvas.lab.copy()
    behind = Pose(pose.x - 0.12, pose.y + 0.01, pose.size * 0.92, pose.lean)
    _stand(canvas, bodies, tones, behind)
    canvas.soften(0.26, 0.012)
    canvas.lab += (before - canvas.lab) * np.float32(0.5)


def _scarf(canvas: Canvas, palette: Palette, dice: Dice, pose: Pose, *, running: bool) -> None:
    """A ring around the neck and an end that hangs, or flies when the figure runs."""
    x, y, size, lean = pose.x, pose.y, pose.size, pose.lean
    swatch = shade_of(palette.accent)
    ramp = swatch.ramp(0.12, 0.85)
    neck_x, neck_y = x - 0.07 * size * np.sin(lean), y + 0.1 * size
    if running:
        tail = neck_x - 0.18 * size, neck_x - 1.2 * size
        ribbon(canvas, dice, swatch, height=neck_y + 0.02, swing=0.05, width=0.1, ends=tail)
    for fold in range(3):
        ball(
            canvas, neck_x, neck_y + (0.02 + 0.035 * fold) * size, 0.34 * size, ramp,
            tall=0.25, turn=lean * 0.6,
        )  # fmt: skip
    if running:
        return
    for turn, length in ((0.12, 2.6), (-0.18, 2.1)):
        ball(
            canvas, neck_x + (0.13 - turn * 0.3) * size, neck_y + 0.3 * size, 0.085 * size, ramp,
            tall=length, turn=turn,
        )  # fmt: skip


def _bamboo(canvas: Canvas, palette: Palette, dice: Dice) -> None:
    """Stalks and leaves behind the figure, paler with distance."""
    jade = SWATCHES["jade"]
    for index in range(7):
        near = index / 6
        side = -1 if index % 2 else 1
        x = side * canvas.right * dice.uniform(0.5, 0.98)
        half = 0.008 + 0.012 * near
        lean = dice.uniform(-0.05, 0.05)
        colour = mix(jade.at(0.5), palette.ground.at(0.9), 0.72 - 0.6 * near)
        shapes = []
        y, bottom = -canvas.bottom - 0.02, canvas.bottom + 0.02
        while y < bottom:
            end = min(y + dice.uniform(0.16, 0.24), bottom)
            left, right = x + lean * y, x + lean * end
            shapes.append(
                ([(left - half, y), (left + half, y), (right + half, end - 0.006),
                  (right - half, end - 0.006)], 1.0)
            )  # fmt: skip
            if dice.random() < 0.75:
                shapes.append((_leaf(dice, right, end, 0.09 + 0.08 * near), 0.92))
            y = end
        canvas.cover(canvas.polygons(shapes), colour)


def _leaf(dice: Dice, x: float, y: float, length: float) -> list[tuple[float, float]]:
    angle = dice.choice([-1.0, 1.0]) * dice.uniform(0.3, 0.9) + np.pi / 2
    along, across = (np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))
    half = [0.0, 0.07, 0.085, 0.06, 0.0]
    outline = [(part / 4, width) for part, width in enumerate(half)]
    outline += [(part, -width) for part, width in reversed(outline)]
    return [
        (
            float(x + length * (part * along[0] + width * across[0])),
            float(y + length * (part * along[1] + width * across[1])),
        )
        for part, width in outline
    ]
