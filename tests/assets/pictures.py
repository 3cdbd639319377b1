"""Pictures for tests of how pictures look: painted from a number, always the same."""

from __future__ import annotations

import random

from PIL import Image, ImageDraw, ImageFilter


def painted(number: int, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Soft coloured shapes on a coloured ground; another number is quite another picture."""
    chance = random.Random(number)
    width, height = size
    picture = Image.new("RGB", size, tuple(chance.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(picture)
    for _ in range(9):
        x, y = chance.random() * width, chance.random() * height
        wide, high = (0.1 + 0.3 * chance.random()) * width, (0.1 + 0.3 * chance.random()) * height
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.ellipse((x - wide, y - high, x + wide, y + high), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(width / 48))
