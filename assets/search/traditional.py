"""Traditional characters and the simplified ones that stand for them in the search.

The dictionary is OpenCC's (`scripts/traditional_characters.py` writes the file), one character at a
time, which is all that finding needs: both sides of a search go through the same map.
"""

from __future__ import annotations

from pathlib import Path

# Variants that OpenCC keeps, because as words of their own they are right in simplified text too.
# Somebody who searches means the same word by both.
ALSO_SAME = {"著": "着", "妳": "你", "衹": "只", "祇": "只", "傢": "家", "裡": "里", "裏": "里"}


def _read() -> dict[int, int]:
    file = Path(__file__).with_name("traditional_characters.txt")
    traditional, simplified = file.read_text(encoding="utf-8").splitlines()
    same = dict(zip(traditional, simplified, strict=True)) | ALSO_SAME
    return {ord(one): ord(other) for one, other in same.items()}


SIMPLIFIED = _read()
"""For `str.translate`: the code of a traditional character to that of its simplified one."""
