"""Cut the font of contact sheets out of Noto Sans CJK: what Chinese and Latin captions need.

    python scripts/caption_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc

Run by a developer, rarely: the result is committed. Needs fonttools, and the source font, which the
Debian package fonts-noto-cjk has.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).parent.parent / "assets/exports/fonts/NotoSansSC-captions.otf"
LANGUAGE = "Noto Sans CJK SC"


def characters() -> set[int]:
    """Latin, punctuation, kana; simplified as in GB 2312, traditional as in the first of Big5."""
    ranges = [(0x20, 0x17F), (0x2010, 0x2044), (0x3000, 0x30FF), (0xFF01, 0xFF5E)]
    found = {code for first, last in ranges for code in range(first, last + 1)}
    pairs = [("gb2312", range(0xA1, 0xF8)), ("big5", range(0xA1, 0xC7))]
    for encoding, leads in pairs:
        for lead, trail in product(leads, range(0x40, 0xFF)):
            found.update(map(ord, bytes((lead, trail)).decode(encoding, "ignore")))
    return {code for code in found if code >= 0x20}


def main(source: str) -> None:
    """Write the subset beside the code that draws with it."""
    fonts = TTCollection(source).fonts
    font = next(each for each in fonts if each["name"].getDebugName(1) == LANGUAGE)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)
    font.save(TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {len(font.getGlyphOrder())} glyphs")


if __name__ == "__main__":
    main(*sys.argv[1:])
