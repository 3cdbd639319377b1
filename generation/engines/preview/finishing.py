"""The last hand: vignette, grain, the way to 8 bits, and the mark that says PREVIEW."""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from generation.engines.preview.canvas import Canvas
from generation.engines.preview.fields import Dice
from generation.engines.preview.palette import FloatArray, levels_from_lab

MARK = "PREVIEW"
STRIP = 512
"""Rows that get their grain at once, so that a very large picture needs little memory."""


def vignette(canvas: Canvas, depth: float) -> None:
    """Darken the corners by `depth` of lightness."""
    x = (canvas.coarse_x / np.float32(canvas.right)) ** 2
    y = (canvas.coarse_y / np.float32(canvas.bottom)) ** 2
    canvas.lighten(np.clip((x + y) * np.float32(0.5), 0, 1) ** 2, -depth)


def develop(canvas: Canvas, width: int, height: int, dice: Dice, grain: float) -> Image.Image:
    """The sheet as an RGB picture of `width` x `height` pixels with film grain.

    `grain` is the standard deviation in levels; at least one level keeps gradients from banding.
    """
    levels = levels_from_lab(canvas.lab)
    if (canvas.width, canvas.height) == (width, height):
        return Image.fromarray(_grained(levels.transpose(1, 2, 0), dice, grain))
    np.clip(levels + np.float32(0.5), 0, 255, out=levels)
    small = Image.fromarray(np.ascontiguousarray(levels.transpose(1, 2, 0).astype(np.uint8)))
    picture = small.resize((width, height), Image.Resampling.LANCZOS)
    for top in range(0, height, STRIP):
        box = (0, top, width, min(top + STRIP, height))
        strip = np.asarray(picture.crop(box), np.float32)
        picture.paste(Image.fromarray(_grained(strip, dice, grain)), box[:2])
    return picture


def _grained(levels: FloatArray, dice: Dice, grain: float) -> npt.NDArray[np.uint8]:
    noise = dice.standard_normal(levels.shape[:2], np.float32)
    noise *= np.float32(grain)
    noise += np.float32(0.5)
    result = np.empty(levels.shape, np.uint8)
    for channel in range(3):
        grained = levels[..., channel] + noise
        np.clip(grained, 0, 255, out=grained)
        result[..., channel] = grained
    return result


def mark(picture: Image.Image) -> None:
    """Write PREVIEW into the lower right corner, legible on light and on dark."""
    size = max(round(min(picture.size) * 0.0165), 9)
    font = ImageFont.load_default(size)
    spacing = size * 0.16
    lengths = [font.getlength(letter) for letter in MARK]
    left, top, _, bottom = font.getbbox(MARK)
    pad, margin = round(size * 0.85), round(size * 1.3)
    wide = round(sum(lengths) + spacing * (len(MARK) - 1)) + 2 * pad
    high = round(bottom - top) + round(1.25 * pad)
    x, y = picture.width - margin - wide, picture.height - margin - high
    box = (x, y, x + wide, y + high)
    plate = picture.crop(box)
    light_behind = float(np.asarray(plate.convert("L"), np.float32).mean()) > 140
    tint, ink = ("white", (40, 40, 46)) if light_behind else ("black", (244, 243, 240))
    plate = Image.blend(plate, Image.new("RGB", plate.size, tint), 0.36)
    pencil = ImageDraw.Draw(plate)
    place = float(pad - left)
    for letter, length in zip(MARK, lengths, strict=True):
        pencil.text((place, (high - (bottom - top)) / 2 - top), letter, fill=ink, font=font)
        place += length + spacing
    rounded = Image.new("L", (wide * 4, high * 4))
    outline = (0, 0, wide * 4 - 1, high * 4 - 1)
    ImageDraw.Draw(rounded).rounded_rectangle(outline, high * 2, fill=255)
    picture.paste(plate, box[:2], rounded.reduce(4))
