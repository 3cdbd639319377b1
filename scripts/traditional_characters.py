"""Write assets/search/traditional_characters.txt from OpenCC's dictionary.

Run it in an environment of its own, because nothing else of this project needs OpenCC:

    python3 -m venv /tmp/opencc && /tmp/opencc/bin/pip install opencc==1.4.2
    /tmp/opencc/bin/python scripts/traditional_characters.py

The file has two lines of equal length: traditional characters, and at the same place of the second
line the simplified character that stands for each.
"""

from __future__ import annotations

from pathlib import Path

TARGET = Path(__file__).parent.parent / "assets" / "search" / "traditional_characters.txt"
IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x3134F))


def main() -> None:
    """Ask OpenCC about every ideograph by itself, without the words it stands in."""
    import opencc

    to_simplified = opencc.OpenCC("t2s").convert
    pairs = {}
    for first, last in IDEOGRAPHS:
        for code in range(first, last + 1):
            simplified = to_simplified(chr(code))
            if len(simplified) == 1 and simplified != chr(code):
                pairs[chr(code)] = simplified
    # A simplified character that is traditional for yet another one is followed to the end.
    ends = {}
    for traditional, simplified in pairs.items():
        end = simplified
        while end in pairs:
            end = pairs[end]
        ends[traditional] = end
    lines = ("".join(ends), "".join(ends.values()))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(ends)} characters written to {TARGET}")


if __name__ == "__main__":
    main()
