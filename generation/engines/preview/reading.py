"""From the words of a prompt to what the picture should be: colours, composition, extras."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from generation.engines.preview.lexicon import IDEAS, Idea, Kind

ADJACENT = 8
"""A colour belongs to a thing that begins at most this many characters after it."""


@dataclass(frozen=True, slots=True)
class Found:
    idea: Idea
    start: int
    end: int


@dataclass(slots=True)
class Reading:
    """What a prompt asks for. Swatches are named in order of how strongly they are asked for."""

    figure: list[str] = field(default_factory=list)
    ground: list[str] = field(default_factory=list)
    accent: list[str] = field(default_factory=list)
    scenes: dict[str, float] = field(default_factory=dict)
    extras: set[str] = field(default_factory=set)
    chroma: float = 1.0
    lightness: float = 0.0


def read(prompt: str, negative_prompt: str = "") -> Reading:
    """Read `prompt` without what `negative_prompt` names, which also mutes the colours a little."""
    unwanted = {found.idea for found in _find(negative_prompt)}
    founds = [found for found in _find(prompt) if found.idea not in unwanted]
    reading = Reading()
    for index, found in enumerate(founds):
        following = founds[index + 1] if index + 1 < len(founds) else None
        _take(reading, found, following)
    # Words about time colour the air around things, those about mood the things themselves, but
    # only when nothing more definite does.
    _settle(reading, founds)
    muting = sum(idea.kind is not Kind.QUALITY for idea in unwanted)
    reading.chroma *= 0.93 ** min(muting, 4)
    return reading


def _take(reading: Reading, found: Found, following: Found | None) -> None:
    idea = found.idea
    for scene, votes in idea.scenes.items():
        reading.scenes[scene] = reading.scenes.get(scene, 0.0) + votes
    reading.extras.update(idea.extras)
    reading.chroma *= idea.chroma
    reading.lightness += idea.lightness
    if idea.kind is Kind.COLOUR:
        _colours_of(reading, found, following).append(idea.swatch)
    elif idea.kind is Kind.SUBJECT and idea.swatch:
        reading.figure.append(idea.swatch)
    elif idea.kind is Kind.PLACE:
        reading.ground.append(idea.swatch)


def _colours_of(reading: Reading, colour: Found, following: Found | None) -> list[str]:
    """Whose colour it is: "red" in "red scarf" is the scarf's."""
    if following is not None and following.start - colour.end <= ADJACENT:
        if following.idea.kind is Kind.WEARABLE:
            return reading.accent
        if following.idea.kind is Kind.BACKDROP:
            return reading.ground
    return reading.figure


def _settle(reading: Reading, founds: list[Found]) -> None:
    colours = [found.idea.swatch for found in founds if found.idea.kind is Kind.COLOUR]
    named = [name for name in reading.figure if name in colours]
    # A colour that was named outdoes the one a thing usually has, except for a panda.
    if named and "panda" not in reading.figure:
        reading.figure = named + [name for name in reading.figure if name not in named]
    for found in founds:
        if not found.idea.swatch:
            continue
        if found.idea.kind is Kind.TIME:
            reading.ground.insert(0, found.idea.swatch)
        elif found.idea.kind in {Kind.STYLE, Kind.MOOD}:
            reading.figure.append(found.idea.swatch)
            reading.ground.append(found.idea.swatch)


def _find(text: str) -> list[Found]:
    """The ideas in `text` in reading order, each at most once."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    ideas, pattern = _pattern()
    founds: dict[int, Found] = {}
    for match in pattern.finditer(folded):
        idea = ideas[match.group()]
        founds.setdefault(id(idea), Found(idea, match.start(), match.end()))
    return list(founds.values())


@lru_cache(maxsize=1)
def _pattern() -> tuple[dict[str, Idea], re.Pattern[str]]:
    """Every name and one expression that finds the longest; English names are whole words."""
    ideas = {name: idea for idea in IDEAS for name in idea.names}
    parts = (
        rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)
        for name in sorted(ideas, key=len, reverse=True)
    )
    return ideas, re.compile("|".join(parts))
