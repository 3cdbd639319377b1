"""One form of writing for everything that is searched, and for what it is searched by.

Full width becomes half width (NFKC), capitals become small, traditional characters become
simplified. What is left is cut into runs: unbroken Chinese, Japanese or Korean text, and words or
numbers of other scripts. Everything between the runs is only separation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assets.search.traditional import SIMPLIFIED

# Written without spaces: ideographs, their iteration marks, kana, hangul.
_UNBROKEN = (
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\u31f0-\u31ff"
    "\uac00-\ud7af\U00020000-\U0003134f\u3005\u3007"
)
_RUN = re.compile(rf"([{_UNBROKEN}]+)|([^\W_{_UNBROKEN}]+)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of normalised text without separators; `is_unbroken` for scripts without spaces."""

    text: str
    is_unbroken: bool


def normalised(text: str) -> str:
    """The text as it is compared. Doing it twice changes nothing more."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).translate(SIMPLIFIED)


def runs_of(text: str) -> list[Run]:
    """The runs of a text, normalised, in order."""
    return [
        Run(match.group(), is_unbroken=match.group(1) is not None)
        for match in _RUN.finditer(normalised(text))
    ]
