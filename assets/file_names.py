"""The names of files that people bring: shown and kept, never used as a path."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 255

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_name(name: str) -> str:
    """A file's name with its folders as it is shown and kept: no paths that lead anywhere."""
    clean = _CONTROLS.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/")
    parts = [part for part in clean.split("/") if part.strip() not in {"", ".", ".."}]
    return "/".join(parts)[-LONGEST:].strip()


def is_zip(name: str) -> bool:
    """Whether a file says that it holds others."""
    return name.lower().endswith(".zip")
