"""Letters for contact sheets: a font that comes with the site, and what the machine has besides.

The font that comes along draws Latin, kana and the Chinese of two national lists (GB 2312, the
first of Big5). A rarer character is drawn with a font of the machine that has it, else left out: a
caption never shows empty boxes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from PIL import ImageDraw, ImageFont

OUR_FONT: Final = Path(__file__).parent / "fonts" / "NotoSansSC-captions.otf"

OF_THE_MACHINE: Final = tuple(
    Path(place)
    for place in (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/System/Library/Fonts/PingFang.ttc",
    )
)

_NOBODY_HAS: Final = "\U0010ffff"
_INSTEAD: Final = "·"


class Letters:
    """Draws text of one size with whichever font has each character."""

    def __init__(self, size: int) -> None:
        places = [OUR_FONT, *(place for place in OF_THE_MACHINE if place.is_file())]
        self._fonts = [ImageFont.truetype(place, size) for place in places]
        self.size = size
        self._font_of: dict[str, ImageFont.FreeTypeFont | None] = {}

    def width(self, text: str) -> float:
        """How wide the text gets, in pixels."""
        return sum(font.getlength(part) for part, font in self._parts(text))

    def fitting(self, text: str, width: float) -> str:
        """The text, without its middle where it is too wide: both ends tell pictures apart."""
        if self.width(text) <= width:
            return text
        kept = len(text)
        while kept > 1:
            kept -= max(1, kept // 12)
            shown = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
            if self.width(shown) <= width:
                return shown
        return "…"

    def draw(self, on: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fill: str) -> None:
        """Write the text with its baseline beginning at a place."""
        x, y = at
        for part, font in self._parts(text):
            on.text((x, y), part, fill=fill, font=font, anchor="ls")
            x += font.getlength(part)

    def _parts(self, text: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
        """The text in runs of one font each."""
        parts: list[tuple[str, ImageFont.FreeTypeFont]] = []
        for each in text:
            font = self._font(each)
            character = each if font else _INSTEAD
            font = font or self._fonts[0]
            if parts and parts[-1][1] is font:
                parts[-1] = (parts[-1][0] + character, font)
            else:
                parts.append((character, font))
        return parts

    def _font(self, character: str) -> ImageFont.FreeTypeFont | None:
        if character not in self._font_of:
            self._font_of[character] = next(
                (font for font in self._fonts if _has(font, character)), None
            )
        return self._font_of[character]


@cache
def letters(size: int) -> Letters:
    """Letters of a size in pixels, opened once in a process."""
    return Letters(size)


def _has(font: ImageFont.FreeTypeFont, character: str) -> bool:
    """Whether a font draws something of its own for a character, not its sign for a missing one."""
    if character.isspace():
        return character == " "
    drawn, missing = font.getmask(character), font.getmask(_NOBODY_HAS)
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing)) and bool(drawn.getbbox())
