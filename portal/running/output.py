"""The voice of `serve`: every line with the name of its process, and a box once all is well."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

COLOURS = {"atelier": 35, "redis": 31, "web": 36, "worker": 33, "dispatcher": 32}
WIDTH = max(map(len, COLOURS)) + 2


class Output:
    """Writes to a terminal in colour, and plainly to anything else."""

    def __init__(self, stream: TextIO = sys.stdout) -> None:
        self._stream = stream
        self._colours = stream.isatty() and "NO_COLOR" not in os.environ

    def line(self, name: str, text: str) -> None:
        """One line of the named process."""
        label = name.ljust(WIDTH)
        if self._colours:
            label = f"\x1b[{COLOURS.get(name.split('-', maxsplit=1)[0], 37)}m{label}\x1b[0m"
        print(f"{label}| {text}", file=self._stream, flush=True)

    def say(self, text: str) -> None:
        """One line of our own."""
        self.line("atelier", text)

    def box(self, lines: list[str]) -> None:
        """A frame around what the person is waiting for."""
        width = max(map(columns, lines))
        edge = "─" * (width + 4)
        framed = [f"│  {line}{' ' * (width - columns(line))}  │" for line in lines]
        text = "\n".join(["", f"┌{edge}┐", *framed, f"└{edge}┘", ""])
        print(text, file=self._stream, flush=True)


def columns(text: str) -> int:
    """How wide a terminal draws the text: Chinese characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
