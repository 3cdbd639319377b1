"""From a reading and a seed to a finished sheet.

The seed and the scene alone decide the composition; the words decide the scene and the colours.
So the same seed with a slightly different prompt gives a relative of the picture.
"""

import zlib
from collections.abc import Callable

import numpy as np

from generation.engines.preview.canvas import Canvas
from generation.engines.preview.fields import Dice
from generation.engines.preview.finishing import vignette
from generation.engines.preview.palette import (
    FREE_CHOICE,
    SWATCHES,
    Lab,
    Palette,
    Swatch,
    lab_from_hex,
    mix,
)
from generation.engines.preview.reading import Reading
from generation.engines.preview.scenes import (
    bloom,
    city,
    contour,
    cosmos,
    figure,
    haze,
    meadow,
    paper,
    ridges,
    silk,
    stage,
    tide,
)
from generation.engines.preview.solids import bokeh, ribbon, shade_of

Paint = Callable[[Canvas, Palette, Dice, frozenset[str]], None]

SCENES: dict[str, Paint] = {
    "bloom": bloom.paint, "city": city.paint, "contour": contour.paint, "cosmos": cosmos.paint,
    "figure": figure.paint, "haze": haze.paint, "meadow": meadow.paint, "paper": paper.paint,
    "ridges": ridges.paint, "silk": silk.paint, "stage": stage.paint, "tide": tide.paint,
}  # fmt: skip

WITHOUT_WORDS = ("silk", "haze", "paper", "contour", "ridges", "tide", "cosmos")
"""Scenes the seed chooses from when no word speaks for any."""

SUNLIGHT = lab_from_hex("#fff6e2")
MOONLIGHT = lab_from_hex("#f2efff")


def choose_scene(reading: Reading, seed: int) -> str:
    """The scene most words speak for; the seed decides between those nearly as strong."""
    votes = reading.scenes or dict.fromkeys(WITHOUT_WORDS, 1.0)
    names = sorted(votes)
    luck = np.random.default_rng([seed, 11]).random(len(names))
    scores = [votes[name] + 0.8 * part for name, part in zip(names, luck, strict=True)]
    return names[int(np.argmax(scores))]


def choose_palette(reading: Reading, prompt: str, seed: int) -> Palette:
    """Swatches by the words; a seed's own choice where they are silent."""
    dice = np.random.default_rng([seed, 23])
    free = FREE_CHOICE[int(dice.integers(len(FREE_CHOICE)))]
    # Words without an entry still tell one prompt from another: they turn the hue a little.
    turn = (zlib.crc32(prompt.encode()) % 1000 / 1000 - 0.5) * 0.5
    figure_name = (reading.figure or reading.ground or [free])[0]
    beside = FREE_CHOICE[int(dice.integers(len(FREE_CHOICE)))]
    named = reading.ground or reading.figure[1:] or reading.figure
    ground_name = (named or [beside])[0]
    loose = not reading.figure and not reading.ground
    figure_swatch = _toned(SWATCHES[figure_name], reading, turn if loose else turn * 0.12)
    ground_swatch = _toned(SWATCHES[ground_name], reading, turn if loose else turn * 0.12)
    accent: Lab = figure_swatch.accent
    if reading.accent:
        accent = SWATCHES[reading.accent[0]].colours[2]
    elif len(reading.figure) > 1 and reading.figure[1] != figure_name:
        accent = SWATCHES[reading.figure[1]].colours[2]
    light = MOONLIGHT if {"moon", "night"} & reading.extras else SUNLIGHT
    light = mix(light, ground_swatch.colours[-1], 0.35)
    return Palette(figure_swatch, ground_swatch, accent, light)


def _toned(swatch: Swatch, reading: Reading, turn: float) -> Swatch:
    lightness = max(min(reading.lightness, 0.09), -0.09)
    return swatch.tuned(chroma=reading.chroma, lightness=lightness, turn=turn)


def compose(reading: Reading, prompt: str, seed: int, width: int, height: int) -> Canvas:
    """Paint the sheet: the scene, then what the words add to any scene."""
    scene = choose_scene(reading, seed)
    palette = choose_palette(reading, prompt, seed)
    canvas = Canvas(width, height)
    painting, adding = (
        np.random.default_rng([seed, zlib.crc32(scene.encode()), part]) for part in (0, 1)
    )
    extras = frozenset(reading.extras)
    SCENES[scene](canvas, palette, painting, extras)
    _add(canvas, palette, adding, extras, scene)
    vignette(canvas, 0.07 if not palette.is_dark else 0.1)
    return canvas


def _add(canvas: Canvas, palette: Palette, dice: Dice, extras: frozenset[str], scene: str) -> None:
    if "ribbon" in extras and scene != "figure":
        ribbon(canvas, dice, shade_of(palette.accent), height=0.12, swing=0.1, width=0.16)
    if "snow" in extras:
        white = [palette.light]
        bokeh(canvas, dice, white, 90, size=(0.002, 0.007), band=(0, 1), opacity=0.9)
        bokeh(canvas, dice, white, 10, size=(0.008, 0.018), band=(0, 1), opacity=0.35)
    if "petals" in extras:
        _petals(canvas, dice, [SWATCHES["blossom"].at(0.6), SWATCHES["blossom"].at(0.82)])


def _petals(canvas: Canvas, dice: Dice, colours: list[Lab]) -> None:
    """Petals in the wind, a few of them close and out of focus."""
    for index in range(34):
        x, y = (
            dice.uniform(-canvas.right, canvas.right),
            dice.uniform(-canvas.bottom, canvas.bottom),
        )
        near = dice.random() ** 3
        size = 0.006 + 0.026 * near
        petal = canvas.disc(
            x, y, size, tall=float(dice.uniform(0.4, 0.75)), turn=float(dice.uniform(0, 3.1)),
            feather=size * (0.15 + 0.7 * near),
        )  # fmt: skip
        canvas.dab(petal, colours[index % 2], 0.85 - 0.35 * near)
